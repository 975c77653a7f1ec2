"""One register on several engines: the same findings and tables as polars gives, who read the files, and how long each takes.

    python tests/benchmarks/engines.py --rows 2e6 --engine duckdb 'local[2]' 'local-cluster[2,1,1024]' --python PATH

`--python` is that of an environment with pyspark, or with pyspark-client for `sc://`; every run is a process of its own. The exit
code is 0 where all of them come to the same, and Spark has read every row itself.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import duckdb
from measure import disturbance, measure

ADDRESS = "courts.cases"
FAULTS_OF_EACH_KIND = 70
STAGED = re.compile(r"([0-9,]+) rows staged; this machine read ([0-9,]+) of them")
ABOUT_THE_RUN = {"quality.run", "quality.basis", "quality.input", "quality.register_state"}


def main() -> int:
    """Run the register on each engine, and compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=float, default=2e6)
    parser.add_argument("--engine", nargs="+", default=["duckdb"])
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--parts", type=int, default=4)
    parser.add_argument("--work", default="")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.work or None) as folder:
        project = Path(folder)
        number = make(project, int(arguments.rows), arguments.parts)
        print(f"{arguments.rows:,.0f} rows, {number} faults. {disturbance()}")
        wanted = ran(project, "polars", arguments.python)
        return max([0, *(int(ran(project, engine, arguments.python, wanted)["differs"]) for engine in arguments.engine)])


def make(project: Path, rows: int, parts: int) -> int:
    """Write the register; give the number of its faults."""
    from etl.catalogue import PACKAGE
    from etl.synthetic.faults import kinds_of_faults
    from etl.synthetic.generate import generate, write_register
    from etl.synthetic.profile import profile

    wanted = dict.fromkeys(kinds_of_faults(profile(ADDRESS, PACKAGE)), FAULTS_OF_EACH_KIND)
    base = project / "raw" / "courts"
    base.mkdir(parents=True)
    (project / "raw" / "sources.csv").write_text("source,title,publisher,published_on,url,area,period,kind,sha256,length\n")
    write_register(generate(ADDRESS, rows=rows, seed=7, faults=wanted), base / "cases", parts=parts, form="csv")
    return sum(wanted.values())


def ran(project: Path, engine: str, python: str, wanted: dict[str, Any] | None = None) -> dict[str, Any]:
    """Publish with an engine, say how long it took, and what came to something else than it should."""
    report = project / "report.json"
    report.unlink(missing_ok=True)
    command = [str(Path(python).with_name("etl")), "run", "--project", str(project), "--fail-on", "never", "--force"]
    command += ["--max-rows", "100000", "--engine", engine, "--format", "json", "--output", str(report)]
    done = measure(command, most_seconds=3600)
    if done.error:
        print(f"{engine}: {done.error}")
        return {"differs": True}
    findings = json.loads(report.read_text(encoding="utf-8"))["findings"]
    with duckdb.connect(str(project / "warehouse" / "ip.duckdb"), read_only=True) as connection:
        rows = connection.execute("SELECT schema_name || '.' || name, rows, hash FROM quality.content").fetchall()
    tables = {name: (number, said) for name, number, said in rows}
    told = {"findings": findings, "tables": tables}
    staged = next(
        ([int(number.replace(",", "")) for number in found.groups()] for found in map(STAGED.search, done.said) if found), []
    )
    differing = []
    if wanted:
        differing = sorted(name for name in {*tables, *wanted["tables"]} if tables.get(name) != wanted["tables"].get(name))
        differing = [name for name in differing if name not in ABOUT_THE_RUN]
        differing += ["the findings"] if findings != wanted["findings"] else []
        differing += ["who read the files"] if engine != "duckdb" and (not staged or staged[1]) else []
    verdict = f"differs in {', '.join(differing)}" if differing else "the same" if wanted else f"{len(findings)} findings"
    print(
        f"{engine}: {done.seconds:.1f} s, {done.work:.1f} s of cores, {done.peak / 1e6:,.0f} MB at most in one process; {verdict}"
        + (f"; {staged[0]:,} rows staged, {staged[1]:,} of them read by this machine" if staged else "")
    )
    return told | {"differs": bool(differing)}


if __name__ == "__main__":
    sys.exit(main())
