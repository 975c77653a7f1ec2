"""What nobody can see, or a terminal obeys, never comes out raw: of every command, whatever cells, names and documents hold."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner
from gate_project import cite_all
from projects import write_project
from returns import filled_form, written_form

from etl.cli import main
from etl.cli.commands import COMMANDS
from etl.escape import escape_json, is_unseen, visible_lines
from etl.formats import formats_of
from etl.project import Project

LINK = "\x1b]8;;http://localhost\x1b\\x\x1b]8;;\x1b\\"
UNSEEN = f"{LINK}\x1b[2J\u202e\u2066\x9b31m\u200b\ufeff\u3164\ufe0f\x08\x07"
FORGED = "\n::error::forged"
HOSTILE = f"x{UNSEEN}{FORGED}"
DOC = "document.md"
QUOTED = f'"{HOSTILE}"'
TABLES = {
    "courts.caseload": (
        "area,period,court,received,closed,source,section\n"
        f"330200,2031,all,800件,700件,example-a,1\n330200,2030,all,{QUOTED},700件,example-a,1\n330200,2029,{QUOTED},8件,7件,example-a,1\n"
        f"{QUOTED},2028,all,8件,7件,example-a,1\n330200,{QUOTED},all,8件,7件,example-a,1\n"
    ),
    "copyright.registrations": (
        "area,period,works,source,section\n"
        f"330200,2031,10件,example-a,{QUOTED}\n330200,2030,10件,{QUOTED},1\n330200,2029,10件{UNSEEN},example-a,1\n"
    ),
    "police.operations": (
        f"area,period,cases,source,section,{QUOTED}\n330200,2031,1起,example-a,1,{QUOTED}\n330200,2030,1起,example-a,1,\n"
    ),
    "courts.benches": (
        "area,period,base_courts,circuit_points,source,section\n"
        f"330200,2031,8家,9个,example-a,1,{QUOTED}\n330300,2031,8家,9个,example-a,1\n"
    ),
}
DOCUMENT = f"# 一、{UNSEEN}\n2031年，全市法院共收案{UNSEEN}800件，{UNSEEN}结案700件{UNSEEN}，合计900件。收案{UNSEEN}增长5%。\n"
HANDED_IN = (
    f"地区,年份,收案（件）{UNSEEN},结案（件）,备注{UNSEEN}\n330200,2029,5,6,x{UNSEEN}\n330200,2030,{UNSEEN}7,8,{QUOTED}\n"
    f"330200,2031,{QUOTED},8,\n"
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a published project of hostile cells, with a document, a table that was handed in, and a form."""
    root = tmp_path_factory.mktemp("hostile")
    cite_all(write_project(root, TABLES))
    (root / "document.md").write_text(DOCUMENT, encoding="utf-8")
    (root / "table.csv").write_text(HANDED_IN, encoding="utf-8")
    form = written_form(Project(root), "--area", "330200", period="2032")
    filled_form(form, {"courts.caseload.received 330200:all": f"8x{FORGED}\u202e\u3164件"})
    (root / "raw" / "courts" / f"odd{UNSEEN.replace('/', '')}.csv").write_text("x", encoding="utf-8")
    return root


PLACES = [
    *(f"raw/courts/caseload.csv:{line}" for line in range(1, 11)),
    *("raw/copyright/registrations.csv:6:13", "raw/police/operations.csv:1:40", "raw/sources/example-a.csv:3:1"),
    *(f"raw/{HOSTILE}:2:3", "document.md:2:20", "filled.xlsx: courts!I4", "example-a 1:0", f"example-a {HOSTILE}:0"),
]
INVOCATIONS: dict[str, list[list[str]]] = {
    "run": [["--fail-on", "never"]],
    "check": [
        [],
        *(["--format", form] for form in formats_of("findings")),
        ["--select", HOSTILE],
    ],
    "history": [[]],
    "rollback": [[HOSTILE]],
    "sql": [
        [f"FROM quality.rejected; SELECT '{HOSTILE}' AS \"{HOSTILE}\""],
        ["--format", "json", f"SELECT '{HOSTILE}' AS \"{HOSTILE}\""],
        ["--format", "markdown", f"FROM quality.rejected; SELECT CAST('{HOSTILE}' AS INTEGER)"],
    ],
    "ui": [["--", HOSTILE]],
    "tables": [[], [HOSTILE], ["--domain", HOSTILE]],
    "trace": [["courts.caseload"], ["10件"], ["copyright.registrations"], [HOSTILE], *([place] for place in PLACES)],
    "extract": [
        [DOC],
        [DOC, "--format", "text"],
        [DOC, "--format", "json"],
        [HOSTILE],
        [DOC, "--source", HOSTILE],
    ],
    "cite": [[]],
    "fill": [
        ["--wanted"],
        [DOC, "--area", HOSTILE],
        [DOC, "--area", "330200", "--period", "2031", "--source", "example-a", "-o", "o.csv"],
    ],
    "diff": [["warehouse/ip.duckdb"], [UNSEEN], ["warehouse/ip.duckdb", "--domain", HOSTILE]],
    "bulletin": [[], ["--period", HOSTILE]],
    "report": [["--area", HOSTILE]],
    "export": [["--to", "csv", HOSTILE]],
    "mutate": [[], ["--source", HOSTILE]],
    "coverage": [[], ["--source", HOSTILE]],
    "verify": [[HOSTILE], [f"1件 + 2件{HOSTILE} = 3件"], ["--format", "json", HOSTILE]],
    "proofread": [[DOC], [DOC, "--format", "json"], [DOC, "--format", "markdown"]],
    "rule": [[], [HOSTILE], ["--domain", HOSTILE]],
    "waive": [
        [f"raw/{HOSTILE}:2:5[RULE]", "--reason", HOSTILE],
        ["raw/courts/caseload.csv:3:17[figure-is-readable]", "--reason", HOSTILE],
    ],
    "generate": [[HOSTILE]],
    "config": [[]],
    "demo": [[HOSTILE]],
    "init": [[HOSTILE, "--area", HOSTILE]],
    "form": [["--period", HOSTILE]],
    "take": [["filled.xlsx", "--received", "2033-01-10"], ["table.csv"], [HOSTILE]],
    "new": [["courts.mine", "--from", "table.csv", "--dry-run"], [HOSTILE, "--from", "table.csv"]],
}


def test_every_command_is_tried() -> None:
    assert set(INVOCATIONS) == set(COMMANDS)


def test_no_command_prints_what_nobody_can_see(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    for command, invocations in INVOCATIONS.items():
        for arguments in invocations:
            result = CliRunner().invoke(main, [command, *arguments])
            said = result.output
            raw = {f"U+{ord(each):04X}" for each in said if each != "\n" and is_unseen(each)}
            assert not raw, (command, arguments, raw, said)
            forged = [line for line in said.splitlines() if line.startswith("::error::forged")]
            assert not forged, (command, arguments, said)
            assert "Traceback" not in said, (command, arguments, said)


def in_a_terminal(project: Path, *arguments: str) -> str:
    """Run a command whose standard output is a terminal; return what that is sent."""
    keyboard, screen = pty.openpty()
    with subprocess.Popen([sys.executable, "-m", "etl", *arguments], cwd=project, stdout=screen, stderr=screen) as running:
        os.close(screen)
        sent = b""
        with suppress(OSError):  # so a pseudo terminal ends
            while part := os.read(keyboard, 1 << 16):
                sent += part
        os.close(keyboard)
    assert running.returncode == 0, sent
    return sent.decode().replace("\r\n", "\n")


def test_csv_is_exact_in_a_file_and_escaped_in_a_terminal(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    query = ["sql", "--format", "csv", f"SELECT '{HOSTILE}' AS x, 1 AS y"]
    monkeypatch.chdir(project)
    assert CliRunner().invoke(main, query).stdout == f"x,y\n{QUOTED},1\n"
    shown = in_a_terminal(project, *query)
    assert shown == f"x,y\n{visible_lines(QUOTED)},1\n"
    assert not [each for each in shown if each != "\n" and is_unseen(each)]


def test_a_terminal_is_sent_no_parquet(project: Path) -> None:
    with pytest.raises(AssertionError, match="Parquet is no text for a terminal"):
        in_a_terminal(project, "sql", "--format", "parquet", "SELECT 1")


def test_json_is_read_as_the_same_text() -> None:
    text = "\x9b\u202e\U000e0001\ufe0f\n"
    escaped = escape_json(json.dumps({"x": text}, ensure_ascii=False, indent=2))
    assert json.loads(escaped) == {"x": text}
    assert not [each for each in escaped if each != "\n" and is_unseen(each)]


def test_csv_of_figures_begins_no_formula(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    (project / "formula.csv").write_text("地区,收案\n甲,=5件\n", encoding="utf-8")
    listed = CliRunner().invoke(main, ["extract", "formula.csv", "--format", "csv"]).stdout
    assert not re.search(r'(?:^|,)"?[=+@]', listed, re.MULTILINE), listed
