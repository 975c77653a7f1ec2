"""Checking a register, side by side: ours, its peers, and the limit of only reading.

    python tests/benchmarks/registers.py --rows 1e6 1e7 --forms csv parquet --repetitions 3

Every contender runs in a process of its own on the same file; within a repetition all run in turn, so that a disturbance of
the machine meets all alike. The file is read once before. Told is the quickest of the repetitions. The register has some
hundred faults, which every contender must count exactly; loading is measured on one without, for DuckDB's own load stops at the
first day that does not exist.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from cases import ADDRESS, COLUMNS, FAULTS, GROUPS, RESULTS, wrong
from environments import OWN, MissingEnvironmentError, python_of
from measure import append_results, arguments, available, circumstances, measure, median, read_through
from tables import curve, heading, peers, ratios, table

MEMORY_PART, MOST_SECONDS = 0.85, 1800


@dataclass(frozen=True)
class Contender:
    """Who is measured.

    Attributes:
        module: in `contenders`.
        title: in the table.
        environment: in which it runs.
        most_rows: above which it is not run.
        forms: of the files it takes part with.
        loads: whether it is measured on a register without faults, as what loads it is; None for on both.
    """

    module: str
    title: str
    environment: str = OWN
    most_rows: float = float("inf")
    forms: tuple[str, ...] = ("csv", "parquet")
    loads: bool | None = False


CONTENDERS = (
    Contender("reading_polars", "only reading (polars)", loads=None),
    Contender("ours_check", "**ours: check**", loads=None),
    Contender("hand_written_polars", "hand-written polars"),
    Contender("hand_written_duckdb", "hand-written DuckDB SQL"),
    Contender("with_dataframely", "dataframely", "frames"),
    Contender("with_pointblank", "Pointblank", "frames"),
    Contender("pandera_eager", "pandera, eager", "frames"),
    Contender("pandera_lazy", "pandera, lazy, full depth", "frames"),
    Contender("with_soda", "Soda", "soda"),
    Contender("with_dbt", "dbt tests on DuckDB", "dbt"),
    Contender("with_great_expectations", "Great Expectations", "great_expectations", most_rows=1e6),
    Contender("unchecked_duckdb", "DuckDB's CREATE TABLE AS, unchecked", loads=True),
    Contender("ours_run", "**ours: check, transform, load**", loads=True),
)
NOT_CHECKED = {"reading_polars", "unchecked_duckdb"}


@dataclass
class Result:
    """What the runs of a contender on a file were."""

    contender: Contender
    seconds: list[float] = field(default_factory=list)
    process_seconds: list[float] = field(default_factory=list)
    cpu_seconds: list[float] = field(default_factory=list)
    peaks: list[int] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)
    groups: list[bool] = field(default_factory=list)
    problem: str = ""

    def told(self) -> dict[str, object]:
        """Return the quickest times, the memory and the versions."""
        return {
            "contender": self.contender.module,
            "seconds": min(self.seconds, default=None),
            "process_seconds": min(self.process_seconds, default=None),
            "cpu_seconds": min(self.cpu_seconds, default=None),
            "peak_mb": round(median(self.peaks) / 1e6) if self.peaks else None,
            "versions": self.versions,
            "problem": self.problem,
        }


def main() -> None:
    """Measure what is asked for, and write the table and its numbers."""
    asked = options()
    asked.folder.mkdir(parents=True, exist_ok=True)
    chosen = [each for each in CONTENDERS if not asked.only or each.module in asked.only]
    files = [(int(rows), form, has_faults) for rows in asked.rows for form in asked.forms for has_faults in (True, False)]
    panels = [measured(asked, chosen, *file) for file in files if taking_part(chosen, *file)]
    told = [heading(panels), ratios(panels), *(table(panel, TITLES) for panel in panels), curve(panels), peers(panels)]
    text = "\n\n".join(filter(None, told)) + "\n"
    (asked.folder / "registers.md").write_text(text, encoding="utf-8")
    append_results(asked.folder / "registers.jsonl", *panels)
    sys.stdout.write(text)


def options() -> argparse.Namespace:
    """Return what is asked for on the command line."""
    parser = arguments(__doc__, RESULTS)
    parser.add_argument("--rows", type=float, nargs="+", default=[1e6])
    parser.add_argument("--forms", nargs="+", default=["csv", "parquet"], choices=["csv", "parquet"])
    parser.add_argument("--more", type=int, default=0, help="rules of rows beyond the ten")
    parser.add_argument("--only", nargs="+", metavar="CONTENDER", help="modules of tests/benchmarks/contenders")
    parser.add_argument("--keep", action="store_true", help="keep the files that are made")
    return parser.parse_args()


def taking_part(chosen: Iterable[Contender], rows: int, form: str, has_faults: bool) -> list[Contender]:
    """Return those who are measured on a file."""
    return [each for each in chosen if rows <= each.most_rows and form in each.forms and each.loads is not has_faults]


def measured(asked: argparse.Namespace, chosen: Iterable[Contender], rows: int, form: str, has_faults: bool) -> dict[str, object]:
    """Return the results of those who are measured on a file."""
    file = asked.folder / f"cases-{rows}{'' if has_faults else '-without-faults'}.{form}"
    if not file.is_file():
        make(file, rows, FAULTS if has_faults else {})
    read_through(file)
    results = [Result(each) for each in taking_part(chosen, rows, form, has_faults)]
    for repetition in range(asked.repetitions):
        for result in results:
            if not result.problem:
                sys.stderr.write(f"{file.name} {repetition + 1}: {result.contender.module}\n")
                run(result, file, asked, has_faults=has_faults)
    agree_on_groups(results)
    panel = {
        "rows": rows,
        "form": form,
        "has_faults": has_faults,
        "bytes": file.stat().st_size,
        "rules": 16 + asked.more,
        **circumstances(),
        "results": [result.told() for result in results],
    }
    if not asked.keep:
        file.unlink()
    return panel


def make(file: Path, rows: int, faults: dict[str, int]) -> None:
    """Make the register in a process of its own, so that this one stays small."""
    code = (
        "import sys; from pathlib import Path; from etl.synthetic.generate import generate, write_columns;"
        f"write_columns(generate({ADDRESS!r}, rows={rows}, seed=7, faults={faults!r}), Path(sys.argv[1]), {COLUMNS!r})"
    )
    made = measure([sys.executable, "-c", code, str(file)], most_seconds=3600)
    if made.error:
        raise SystemExit(f"{file} could not be made: {made.error}")


def run(result: Result, file: Path, asked: argparse.Namespace, *, has_faults: bool) -> None:
    """Run a contender once more."""
    contender, free = result.contender, available()
    try:
        python = python_of(contender.environment, asked.folder / "environments")
    except MissingEnvironmentError as error:
        result.problem = str(error)
        return
    script = Path(__file__).with_name("run_contender.py")
    command = [python, str(script), contender.module, str(file), str(asked.more)]
    ran = measure(command, most_seconds=MOST_SECONDS, most_bytes=int(free * MEMORY_PART) if free else None)
    if ran.error:
        result.problem = ran.error
        return
    told = json.loads(ran.out.strip().splitlines()[-1])
    result.seconds.append(told["seconds"])
    result.process_seconds.append(ran.seconds)
    result.cpu_seconds.append(ran.work)
    result.peaks.append(ran.peak)
    result.versions = told["versions"]
    if contender.module not in NOT_CHECKED:
        result.problem = "; ".join(wrong(told["found"], asked.more, has_faults=has_faults))
        result.groups = [told["found"].get(rule, -1) > 0 for rule in GROUPS]


def agree_on_groups(results: list[Result]) -> None:
    """Hold the contenders to what most of them say of the rules of groups."""
    said = [tuple(result.groups) for result in results if result.groups]
    most = max(said, key=said.count, default=())
    for result in results:
        if result.groups and tuple(result.groups) != most and not result.problem:
            result.problem = f"rules of groups broken: {result.groups}, by most contenders {list(most)}"


TITLES = {each.module: each.title for each in CONTENDERS}


if __name__ == "__main__":
    main()
