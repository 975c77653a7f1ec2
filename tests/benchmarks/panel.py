"""A panel of 300 areas, 20 years and 126 figures: `etl check` and `etl run` on as many figures as a country has.

    python tests/benchmarks/panel.py --areas 300 --years 20

The code list has two dozen areas, so this measures a copy of the package whose list of areas is longer; nothing else is
changed. Each area and year has the 126 figures of the project's latest bulletin, in its tables, and each figure is in a ledger
and linked: the amounts and counts as they are printed, and nothing new and no growth, for they are the same every year. What
the bulletin prints of other areas and periods is that of an area around it.
"""

from __future__ import annotations

import csv
import json
import shutil
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from cases import RESULTS, ROOT
from measure import append_results, arguments, circumstances, measure, median

TEMPLATE, AREA, PERIOD = "ningbo-2025", "330200", "2025"
FIRST_AREA, FIRST_AROUND, LAST_YEAR = 400_000, 800_000, 2025
UNCHANGED = "0%"
CHANGED = {
    ("new_fields", "两大"): "0个",
    ("new_alliances", "2个"): "0个",
    ("new_enterprises", "377家"): "0家",
    ("share_pct", "46.05%"): "46.06%",
}
"""Cells that would not be true of every year, or are not true as they are printed (see raw/waivers.csv)."""
RUN = "from etl.cli import main; main()"
Row = dict[str, str]


def main() -> None:
    """Make the panel, measure both commands, and tell how long they took."""
    parser = arguments(__doc__, RESULTS)
    parser.add_argument("--areas", type=int, default=300)
    parser.add_argument("--years", type=int, default=20)
    asked = parser.parse_args()
    package, project = asked.folder / "panel-package", asked.folder / "panel"
    for folder in (package, project):
        shutil.rmtree(folder, ignore_errors=True)
    copy_package(package, asked.areas)
    figures = make_project(project, asked.areas, asked.years)
    told = {
        "figures": figures,
        "areas": asked.areas,
        "years": asked.years,
        **circumstances(),
        "commands": {name: timed(package, project, name, asked.repetitions) for name in ("check", "run")},
    }
    append_results(asked.folder / "panel.jsonl", told)
    sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=1) + "\n")


def copy_package(package: Path, areas: int) -> None:
    """Copy the package, and add the areas to its list."""
    for name in ("etl", "schemas"):
        shutil.copytree(ROOT / name, package / name, ignore=shutil.ignore_patterns("__pycache__"))
    with (package / "schemas" / "codes" / "areas.csv").open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        for number in range(areas):
            area, around = FIRST_AREA + number, FIRST_AROUND + number
            writer.writerow([around, f"示例省{number}", f"Example province {number}", "", ""])
            writer.writerow([area, f"示例市{number}", f"Example city {number}", around, ""])


def make_project(project: Path, areas: int, years: int) -> int:
    """Write the raw tables, ledgers and links of the panel, and give how many figures they hold."""
    span = range(LAST_YEAR - years + 1, LAST_YEAR + 1)
    ledgers: dict[int, list[tuple[str, str, str, str]]] = {year: [] for year in span}
    for file in sorted((ROOT / "raw").glob("*/*.csv")):
        if file.parent.name == "sources":
            continue
        with file.open(encoding="utf-8", newline="") as lines:
            template = [row for row in csv.DictReader(lines) if row["source"] == TEMPLATE]
        if template:
            write_table(project, file, template, areas, ledgers)
    for year, taken in ledgers.items():
        write_ledger(project, f"panel-{year}", taken)
    with (ROOT / "raw" / "sources.csv").open(encoding="utf-8", newline="") as lines:
        columns = next(csv.reader(lines))
    sources = [{"source": f"panel-{year}", "published_on": f"{year + 1}-04-26", "period": str(year)} for year in span]
    write_rows(project / "raw" / "sources.csv", columns, sources)
    return sum(map(len, ledgers.values()))


def write_table(
    project: Path, file: Path, template: list[Row], areas: int, ledgers: dict[int, list[tuple[str, str, str, str]]]
) -> None:
    """Write one table, and add its figures to the ledgers: section, what is printed, the key of the row, the column."""
    from etl.catalogue import PACKAGE
    from schemas.models import Rate, figures, key

    address = f"{file.parent.name}.{file.stem}"
    model = PACKAGE.entry(address).model
    rates = {column.name for column in figures(model) if isinstance(column.dtype, Rate)}
    names = [column.name for column in figures(model)]
    rows = []
    for row in ({**row, **changed(row, rates)} for row in template):
        is_own = (row["area"], row["period"]) == (AREA, PERIOD)
        for number in range(areas):
            for year, ledger in ledgers.items():
                area = (FIRST_AREA if is_own else FIRST_AROUND) + number
                made = {**row, "area": str(area), "period": str(year), "source": f"panel-{year}"}
                rows.append(made)
                row_key = address + "," + ":".join(made[name] for name in key(model))
                ledger += [(row["section"], row[name], row_key, name) for name in names if row.get(name)]
    write_rows(project / "raw" / file.parent.name / file.name, list(template[0]), rows)


def changed(row: Row, rates: set[str]) -> Row:
    """Return the filled cells of a row that must say something else in the panel."""
    rest = {name: CHANGED[name, cell] for name, cell in row.items() if (name, cell) in CHANGED}
    return dict.fromkeys((name for name in rates if row.get(name)), UNCHANGED) | rest


def write_ledger(project: Path, source: str, taken: list[tuple[str, str, str, str]]) -> None:
    """Write what a document prints, and which cell takes each figure."""
    folder = project / "raw" / "sources"
    counted: Counter[str] = Counter()
    printed, links = [], []
    for offset, (section, cell, row_key, column) in enumerate(taken):
        counted[section] += 1
        place = {"section": section, "ordinal": str(counted[section])}
        printed.append({**place, "offset": str(offset), "published": cell})
        table, _, rest = row_key.partition(",")
        links.append({**place, "table": table, "row_key": rest, "column": column})
    write_rows(folder / f"{source}.csv", ["section", "ordinal", "offset", "published", "unit", "hedge"], printed)
    write_rows(folder / f"{source}.taken.csv", ["section", "ordinal", "table", "row_key", "column"], links)


def write_rows(path: Path, columns: list[str], rows: Iterable[Row]) -> None:
    """Write a CSV file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def timed(package: Path, project: Path, command: str, repetitions: int) -> dict[str, object]:
    """Return the median time and memory of a command on the panel, and what it ended by saying."""
    options = ("--project", str(project), "--fail-on", "never", "--lang", "en", "--max-rows", "0")
    line = [sys.executable, "-P", "-c", RUN, command, *options, *(["--force"] if command == "run" else [])]
    runs = [measure(line, environment={"PYTHONPATH": str(package)}) for _ in range(repetitions)]
    failed = next((run.error for run in runs if run.error), "")
    said = runs[-1].out.strip().splitlines()[-3:]
    seconds, work = [run.seconds for run in runs], median([run.work for run in runs])
    return {
        "seconds": median(seconds),
        "cpu_seconds": work,
        "peak_mb": round(median([run.peak for run in runs]) / 1e6),
        "said": said,
        "failed": failed,
    }


if __name__ == "__main__":
    main()
