"""What was measured of registers, as Markdown: the tables, the ratios against the targets, and the curve over rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from measure import disturbance

Panel = Mapping[str, Any]
PEERS = (
    "with_dataframely",
    "with_pointblank",
    "pandera_eager",
    "pandera_lazy",
    "with_soda",
    "with_dbt",
    "with_great_expectations",
)
EAGER = ("with_dataframely", "with_pointblank", "pandera_eager")
READING, OURS, DUCKDB = "reading_polars", "ours_check", "hand_written_duckdb"
TARGETS = {"csv": (1.3, 0.65, 0.8), "parquet": (3.0, 0.5, 0.7)}
MOST_MEMORY, MOST_LOAD = 0.35, 0.8


def heading(panels: list[Panel]) -> str:
    """Return what the numbers were measured on."""
    on = panels[0]["machine"]
    return (
        f"{on['processor']}, {on['cores']} cores, {on['memory_gb']} GB, {on['system']}, Python {on['python']}; "
        f"{panels[0]['measured_at'][:10]}, load {on['load']:.1f}. Seconds without imports; of the whole process, and of its work "
        f"on the cores; peak memory. {disturbance()}"
    ).rstrip()


def done(panel: Panel) -> dict[str, Any]:
    """Return the results that came about, by contender."""
    return {each["contender"]: each for each in panel["results"] if not each["problem"] and each["seconds"]}


def ratios(panels: list[Panel]) -> str:
    """Return what ours takes in proportion to others, beside what it may take."""
    rows = [row for panel in panels for row in _ratios(panel)]
    if not rows:
        return ""
    lines = ["| rows | form | ours | against | × | × work | target |", "|--:|---|---|---|--:|--:|--:|"]
    return "\n".join([*lines, *rows])


def _ratios(panel: Panel) -> Iterable[str]:
    of = done(panel)
    which = f"| {panel['rows']:,} | {panel['form']}{'' if panel['has_faults'] else ', no faults'} "
    to_reading, to_peer, to_duckdb = TARGETS[panel["form"]]

    def row(ours: str, against: str, target: float, measure: str = "seconds", what: str = "") -> Iterable[str]:
        if ours in of and against in of:
            ratio = of[ours][measure] / of[against][measure]
            work = f"{of[ours]['cpu_seconds'] / of[against]['cpu_seconds']:.2f}" if measure == "seconds" else ""
            yield f"{which}| {what or ours} | {against} | {ratio:.2f} | {work} | {target:g} |"

    yield from row(OURS, READING, to_reading)
    yield from row("ours_run", "unchecked_duckdb", MOST_LOAD)
    if not panel["has_faults"]:
        return
    quickest = min((each for each in PEERS if each in of), key=lambda each: of[each]["seconds"], default="")
    yield from row(OURS, quickest, to_peer)
    yield from row(OURS, DUCKDB, to_duckdb)
    leanest = min((each for each in EAGER if each in of), key=lambda each: of[each]["peak_mb"], default="")
    yield from row(OURS, leanest, MOST_MEMORY, "peak_mb", "ours_check, peak memory")


def table(panel: Panel, titles: Mapping[str, str]) -> str:
    """Yield the results on one file as a Markdown table."""
    reading = done(panel).get(READING)
    faults = "" if panel["has_faults"] else ", no faults"
    lines = [
        f"**{panel['rows']:,} rows, {panel['form']}, {panel['bytes'] / 1e6:,.0f} MB, {panel['rules']} rules{faults}**",
        "",
        "| | seconds | × reading | whole process | of it work | peak MB |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for each in panel["results"]:
        if each["problem"]:
            lines.append(f"| {titles[each['contender']]} | failed: {each['problem']} | | | | |")
            continue
        ratio = f"{each['seconds'] / reading['seconds']:.2f}" if reading else ""
        times = f"{each['seconds']:.2f} | {ratio} | {each['process_seconds']:.2f} | {each['cpu_seconds']:.2f}"
        lines.append(f"| {titles[each['contender']]} | {times} | {each['peak_mb']:,} |")
    return "\n".join(lines)


def curve(panels: list[Panel]) -> str:
    """Return ours over the number of rows: seconds for each million, and memory."""
    lines = [
        "**Ours over rows**",
        "",
        "| rows | form | | s | s per million | peak MB |",
        "|--:|---|---|--:|--:|--:|",
    ]
    for panel in panels:
        of = done(panel)
        for contender in (OURS, "ours_run"):
            if contender in of:
                each, faults = of[contender], "" if panel["has_faults"] else ", no faults"
                times = f"{each['seconds']:.2f} | {each['seconds'] / panel['rows'] * 1e6:.3f} | {each['peak_mb']:,}"
                lines.append(f"| {panel['rows']:,} | {panel['form']}{faults} | {contender} | {times} |")
    return "\n".join(lines)


def peers(panels: list[Panel]) -> str:
    """Return the versions."""
    versions: dict[str, str] = {}
    for panel in panels:
        for each in panel["results"]:
            versions |= each["versions"]
    return "Versions: " + ", ".join(f"{name} {number}" for name, number in sorted(versions.items())) + "."
