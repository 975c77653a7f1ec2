"""What a version says of the load that made it, and whether it is what a load of today would make. Nothing here needs polars."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from etl.errors import HeldError
from etl.inputs import Input, Observed, differences
from etl.publishing.versions import Version, in_force, is_as_published, rolled_back, versions
from etl.warehouse.database import rows_of

SEVERITIES = ("error", "warning", "information")

_BASIS = "SELECT observed_at, strict, holds_until FROM quality.basis"
_RUN = """
    SELECT strftime(started_at::TIMESTAMP, '%Y-%m-%d'), strftime(finished_at::TIMESTAMP, '%Y-%m-%d %H:%M'),
        errors, warnings, information, waived
    FROM quality.run
"""
_INPUTS = "SELECT kind, path, size, modified, changed, inode, hash FROM quality.input"


@dataclass(frozen=True, slots=True)
class Ledger:
    """What a version says of its load.

    Attributes:
        version: the version.
        observed: the inputs it was made of.
        strict: whether it was made strictly.
        started_on: the day on which its waivers were judged, as `2034-01-31`.
        finished_at: when its contents were ready, for people.
        holds_until: the last day on which its waivers are what they were; empty for good.
        found: how many findings there were: errors, warnings, information, and accepted ones.
    """

    version: Version
    observed: Observed
    strict: bool
    started_on: str
    finished_at: str
    holds_until: str
    found: tuple[int, int, int, int]

    def is_judged_alike(self, today: date, strict: bool) -> bool:
        """Whether the same inputs would be judged in the same way today."""
        day = today.isoformat()
        return self.started_on <= day and (not self.holds_until or day <= self.holds_until) and self.strict == strict

    def is_open(self, fail_on: str | None) -> bool:
        """Whether the gate was open to what was found; `fail_on` is the mildest severity that shuts it, None for none."""
        return fail_on is None or not any(self.found[: SEVERITIES.index(fail_on) + 1])

    @property
    def summary(self) -> str:
        """What was found, in words."""
        names = ("errors", "warnings", "information", "waived")
        return ", ".join(f"{number} {name}" for number, name in zip(self.found, names, strict=True) if number) or "no findings"


def ledger_of(version: Version | None) -> Ledger | None:
    """Give what a version says of its load; None where it does not, or was changed after it."""
    if version is None or not is_as_published(version):
        return None
    told = rows_of(version.path, _BASIS, _RUN, _INPUTS)
    if told is None or not told[0] or not told[1]:
        return None  # It was made by an older version of this package.
    (at, strict, holds_until), (started_on, finished_at, *found) = told[0][0], told[1][0]
    inputs = tuple(Input(*row) for row in told[2])
    errors, warnings, information, waived = found
    counts = (errors, warnings, information, waived)
    return Ledger(version, Observed(at, inputs), strict, started_on, finished_at, holds_until, counts)


@dataclass(frozen=True, slots=True)
class RegisterState:
    """What the check of a register found, kept for the next load.

    Attributes:
        fingerprint: of all that it rests on.
        found: the outcomes and findings, as JSON.
        counts: what it counts by month, as an Arrow file.
    """

    fingerprint: str
    found: str
    counts: bytes


def register_states(ledger: Ledger | None) -> dict[str, RegisterState]:
    """Give what a load found of registers, by address; nothing without a ledger."""
    if ledger is None:
        return {}
    told = rows_of(ledger.version.path, "SELECT address, fingerprint, found, counts FROM quality.register_state")
    return {address: RegisterState(*state) for address, *state in told[0]} if told else {}


def records_elsewhere(version: Version) -> dict[str, tuple[str, int]]:
    """Give where the records of registers are that a version does not hold, and their number, by address."""
    told = rows_of(version.path, "SELECT address, uri, records FROM quality.records_elsewhere")
    return {address: (uri, records) for address, uri, records in told[0]} if told else {}


def ledger_in_force(target: Path) -> Ledger | None:
    """Give what the version in force says of its load; None where none is in force, or it does not say."""
    return ledger_of(in_force(target))


def is_current(ledger: Ledger | None, now: Observed, today: date, strict: bool) -> bool:
    """Whether a load would make the same as a version is."""
    return ledger is not None and ledger.is_judged_alike(today, strict) and not differences(ledger.observed.inputs, now.inputs)


def refuse_held(target: Path, now: Observed, today: date, strict: bool) -> None:
    """Refuse to load again what was rolled back.

    Raises:
        HeldError: a version that is newer than the one in force, and was rolled back, is what a load would make.
    """
    there, taken_back = in_force(target), rolled_back(target)
    newer = [each for each in versions(target) if there is not None and each.load > there.load and each.load in taken_back]
    for each in newer:
        if there is not None and is_current(ledger_of(each), now, today, strict):
            raise HeldError(
                f"This is what the load {each.load} was made of, which was rolled back; {there.load} is in force and stays."
                " Change raw/, or load it all the same with --force."
            )


Observe = Callable[[Observed | None], Observed]


def up_to_date(target: Path, observe: Observe, fail_on: str | None, strict: bool, today: date) -> Ledger | None:
    """Give the ledger of the version in force, if it is what a load would make and the gate is open to it; else None.

    Args:
        target: the warehouse.
        observe: gives the inputs as they are, where those that a version was made of help to know them.
        fail_on: the mildest severity that shuts the gate; None for none.
        strict: whether to load strictly.
        today: the day.
    """
    ledger = ledger_in_force(target)
    if ledger is None or not ledger.is_judged_alike(today, strict) or not ledger.is_open(fail_on):
        return None
    return ledger if is_current(ledger, observe(ledger.observed), today, strict) else None
