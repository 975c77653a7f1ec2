"""How soon a command answers, against the bare imports that it cannot do without, all in one run.

    python tests/benchmarks/cold_start.py --repetitions 15

The project is a copy of the repository's own raw tables. All commands run in turn, over and over, so that a disturbance of the
machine meets all alike; told are medians, the work of the cores, and the ratio to the bare import.
"""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from cases import RESULTS, ROOT
from measure import append_results, arguments, circumstances, disturbance, machine, measure, median

PYTHON = sys.executable
ETL = str(Path(PYTHON).with_name("etl"))
COMPILED = {"PYTHONDONTWRITEBYTECODE": ""}
"""Python keeps what it has compiled, as it does of an installed package; else each start would compile what was edited last."""


@dataclass
class Start:
    """A command, what it is compared with, and how long it took."""

    title: str
    command: list[str]
    against: str = ""
    seconds: list[float] = field(default_factory=list)
    work: list[float] = field(default_factory=list)


def starts(project: Path) -> list[Start]:
    """Return the commands; the bare imports first."""
    asked = ["--project", str(project), "--fail-on", "never"]
    return [
        Start("python -c pass", [PYTHON, "-c", "pass"]),
        Start("import click", [PYTHON, "-c", "import click"]),
        Start("import duckdb", [PYTHON, "-c", "import duckdb"]),
        Start("import pandera.polars, polars, duckdb", [PYTHON, "-c", "import pandera.polars, polars, duckdb"]),
        Start("etl --help", [ETL, "--help"], "import click"),
        Start("etl sql", [ETL, "sql", "SELECT 1", "--project", str(project)], "import duckdb"),
        Start("etl check", [ETL, "check", *asked], "import pandera.polars, polars, duckdb"),
        Start("etl run, nothing changed", [ETL, "run", *asked], "import duckdb"),
        Start("etl run", [ETL, "run", *asked, "--force"], "import pandera.polars, polars, duckdb"),
    ]


def main() -> None:
    """Measure all commands, and write the table and its numbers."""
    asked = arguments(__doc__, RESULTS, repetitions=15).parse_args()
    project = asked.folder / "cold-start"
    shutil.rmtree(project, ignore_errors=True)
    shutil.copytree(ROOT / "raw", project / "raw")
    measured = starts(project)
    # Makes the warehouse, warms the caches.
    problems = {each.title: measure(each.command, environment=COMPILED).error for each in reversed(measured)}
    for _ in range(asked.repetitions):
        for each in measured:
            if not problems[each.title]:
                ran = measure(each.command, environment=COMPILED)
                each.seconds.append(ran.seconds)
                each.work.append(ran.work)
    write(asked.folder, measured, problems)


def write(folder: Path, measured: list[Start], problems: dict[str, str]) -> None:
    """Write the medians as a Markdown table and as JSON."""
    seconds = {each.title: median(each.seconds) for each in measured if each.seconds}
    work = {each.title: median(each.work) for each in measured if each.seconds}
    on = machine()
    lines = [
        f"{on['processor']}, {on['cores']} cores, {on['system']}, Python {on['python']}. {disturbance()}".rstrip(),
        "",
        "| command | ms | ms of work | against | × | × work |",
        "|---|--:|--:|---|--:|--:|",
    ]
    for each in measured:
        if problems[each.title]:
            lines.append(f"| {each.title} | failed: {problems[each.title]} | | | | |")
            continue
        ratios = [f"{of[each.title] / of[each.against]:.2f}" if each.against else "" for of in (seconds, work)]
        times = f"{1000 * seconds[each.title]:.0f} | {1000 * work[each.title]:.0f}"
        lines.append(f"| {each.title} | {times} | {each.against} | {' | '.join(ratios)} |")
    text = "\n".join(lines) + "\n"
    (folder / "cold_start.md").write_text(text, encoding="utf-8")
    append_results(folder / "cold_start.jsonl", {**circumstances(), "machine": on, "seconds": seconds, "cpu_seconds": work})
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
