"""Mutated lists of a project, some seconds of the same ones each time: read exactly, or refused with the place."""

from __future__ import annotations

import random
import re
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from list_meanings import unsaid_changes
from list_mutations import LISTS, meaning, mutated, read, write_lists

from etl.cli import main
from schemas import hand_edited
from schemas.hand_edited import read_list
from schemas.list_files import ListError

NUMBER = 100
"""How many mutations of each list; `python tests/integration/test_list_fuzz.py 10000` tries as many as one likes."""


@pytest.mark.parametrize("file", LISTS)
def test_a_list_that_is_right_is_read(file: str, tmp_path: Path) -> None:
    write_lists(tmp_path)
    assert read(tmp_path, file)


@pytest.mark.parametrize("file", LISTS)
def test_no_mutated_list_hangs_or_is_read_otherwise_than_it_stands(file: str, tmp_path: Path) -> None:
    try_mutations(tmp_path, file, range(NUMBER))


def try_mutations(root: Path, file: str, seeds: range) -> int:
    """Read mutations of a list; return how many are accepted."""
    write_lists(root)
    accepted = 0
    for seed in seeds:
        content = mutated(random.Random(f"{file} {seed}"), LISTS[file])
        (root / file).write_bytes(content)
        try:
            is_accepted = read(root, file)
            if is_accepted and file.endswith(".csv"):
                accepted += 1
                rows = meaning(content)
                listed = read_list(root / file, rows[0])
                assert [rows[0], *listed.rows] == rows
            if is_accepted:
                assert not unsaid_changes(root, file)
        except BaseException as error:
            raise AssertionError(f"seed {seed} of {file}: {content!r}: {error!r}") from error
    return accepted


@pytest.mark.parametrize("seed", range(12))
def test_a_project_with_a_mutated_list_is_checked_or_refused(seed: int, tmp_path: Path) -> None:
    write_lists(tmp_path)
    rng = random.Random(seed)
    file = rng.choice([each for each in LISTS if not each.startswith("catalogue")])
    (tmp_path / "catalogue.txt").write_text("use courts\n", encoding="utf-8")
    (tmp_path / file).write_bytes(mutated(rng, LISTS[file]))
    table = tmp_path / "raw" / "courts" / "caseload.csv"
    table.parent.mkdir()
    table.write_text("area,period,court,received,closed,source,section\n330200,2025,all,1200件,1100件,a,1\n", encoding="utf-8")
    ran = CliRunner().invoke(main, ["check", "--project", str(tmp_path), "--lang", "en"], catch_exceptions=False)
    assert ran.exit_code in (1, 2)
    assert "Traceback" not in ran.output
    if ran.exit_code == 2:
        beside = r"raw/sources/a\.\w+\.csv"  # a ledger that lost a line makes a line of these wrong
        assert re.search(rf"Error: (?:{file}|{beside})(:[0-9]+:[0-9]+:| )", ran.output), ran.output


def test_the_fuzz_can_fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def naive(name: str, columns: tuple[str, ...], text: str) -> hand_edited.HandEditedList:
        rows = [[cell.strip('" ') for cell in line.split(",")] for line in text.splitlines() if line]
        return hand_edited.HandEditedList(name, columns, rows, range(1, len(rows) + 1), text)

    monkeypatch.setattr(hand_edited, "_plain", naive)
    monkeypatch.setattr(hand_edited, "_quoted_rows", naive)
    with pytest.raises((AssertionError, ListError)):
        try_mutations(tmp_path, "raw/waivers.csv", range(300))


if __name__ == "__main__":
    for name in LISTS:
        folder = Path(sys.argv[2]) / name.replace("/", "-")
        print(name, try_mutations(folder, name, range(int(sys.argv[1]))), flush=True)  # noqa: T201
