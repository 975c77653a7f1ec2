"""How many of a person's slips are named, and how often is the named cell the wrong one?

Run it by hand: `python tests/benchmarks/slips.py [SLIPS] [SEED]`, with `tests/fixtures` on the path. Of each kind so many slips
are made in the made-up next year of the project's tables: in the document and so in its cell, and in the cell alone.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections import Counter
from pathlib import Path

from made_slips import MadeYear, Slip
from slip_kinds import KINDS, slips

from etl.findings import Finding


def is_named(year: MadeYear, slip: Slip, findings: list[Finding]) -> bool:
    """Whether a finding concerns a cell of a slip: its own, or one that takes part in it."""
    places = year.places_of(slip)
    return any(
        each.place in places or any(witness.place in places for witness in each.witnesses) or _is_of_row(each, slip)
        for each in findings
    )


def _is_of_row(finding: Finding, slip: Slip) -> bool:
    return finding.column == "" and (finding.table, finding.row) in {(address, row) for address, row, _ in slip.changes}


def blamed(year: MadeYear, slip: Slip, findings: list[Finding]) -> list[bool]:
    """Tell of each likely slip that a finding names whether it is the cell of the slip."""
    places = year.places_of(slip)
    return [each.suspects[0].place in places for each in findings if each.suspects and each.suspects[0].text]


def measure(
    year: MadeYear, number: int, seed: int, *, in_texts: tuple[bool, ...] = (True, False), show: bool = False
) -> dict[tuple[str, bool], Counter[str]]:
    """Try so many slips of each kind, in text and in cells; count those named, and the cells named as likely slips."""
    counts: dict[tuple[str, bool], Counter[str]] = {}
    for kind in KINDS:
        for in_text in in_texts:
            count = counts[kind, in_text] = Counter()
            for slip in slips(year, kind, number, random.Random(seed)):
                findings = year.tried(slip, in_text=in_text)
                named, likely = is_named(year, slip, findings), blamed(year, slip, findings)
                count.update(tried=1, named=int(named), likely=int(bool(likely)), right=int(bool(likely) and all(likely)))
                if show and (not named or not all(likely)):
                    print(f"# {kind} ({'text' if in_text else 'cell'}): {_told(year, slip, findings)}")
    return counts


def _told(year: MadeYear, slip: Slip, findings: list[Finding]) -> str:
    changes = ", ".join(
        f"{address}.{name} {year.text((address, row, name))} > {text}" for (address, row, name), text in slip.changes.items()
    )
    return "; ".join([changes, *(f"{each.rule} {each.column} {[one.text for one in each.suspects[:1]]}" for each in findings)])


def main(number: int = 10, seed: int = 1) -> None:
    """Print a line for each kind."""
    year = MadeYear(Path(tempfile.mkdtemp()) / "project", random.Random(seed))
    print(f"{'slip':32} {'in text':>8} {'in cell':>8}  likely slip right, in text and in the cell")
    counts = measure(year, number, seed, show=True)
    for kind in KINDS:
        text, cell = counts[kind, True], counts[kind, False]
        named = [f"{each['named']}/{each['tried']}" for each in (text, cell)]
        right = [f"{each['right']}/{each['likely']}" for each in (text, cell)]
        print(f"{kind:32} {named[0]:>8} {named[1]:>8}  {right[0]:>6} {right[1]:>6}")
    every = sum(counts.values(), Counter())
    print(f"likely slips: {every['right']} of {every['likely']} right")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
