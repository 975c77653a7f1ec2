"""Read the load record of a version, and whether it is current.

Nothing here needs polars.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from etl.errors import HeldError
from etl.input_snapshot import Input, Snapshot, find_differences
from etl.publishing.versions import Version, current_version, is_as_published, rolled_back, versions
from etl.warehouse.database import fetch_rows
from schemas.texts import Text, joined

SEVERITIES = ("error", "warning", "information")

_FOUND = (
    *(Text("errors", "错误"), Text("warnings", "警告")),
    *(Text("information", "提示"), Text("waived", "已豁免")),
)
_BASIS = "SELECT observed_at, strict, holds_until FROM quality.basis"
_RUN = """
    SELECT strftime(started_at::TIMESTAMP, '%Y-%m-%d'), strftime(finished_at::TIMESTAMP, '%Y-%m-%d %H:%M'),
        [errors, warnings, information, waived]
    FROM quality.run
"""
_ROWS = "SELECT domain || '.' || table_name, rows_read FROM quality.load"
_INPUTS = "SELECT kind, path, size, modified, changed, inode, hash FROM quality.input"


@dataclass(frozen=True, slots=True)
class LoadRecord:
    """The record that a version holds of its load.

    Attributes:
        version: the version.
        snapshot: the inputs it was made of.
        strict: whether it was made strictly.
        holds_until: the last day on which waivers and dates of documents are judged alike; empty for no limit.
        started_on: the day on which these were judged, as `2034-01-31`.
        finished_at: when its contents were ready, for people.
        found: how many findings there were: errors, warnings, information, and accepted ones.
        rows: how many rows of each table and register it was made of, by address.
    """

    version: Version
    snapshot: Snapshot
    strict: bool
    holds_until: str
    started_on: str
    finished_at: str
    found: list[int]
    rows: Mapping[str, int]

    def is_judged_alike(self, today: date, strict: bool) -> bool:
        """Whether the same inputs would be judged in the same way today."""
        day = today.isoformat()
        return self.started_on <= day and (not self.holds_until or day <= self.holds_until) and self.strict == strict

    def is_current(self, now: Snapshot, today: date, strict: bool) -> bool:
        """Whether a load would make the same version."""
        return self.is_judged_alike(today, strict) and not find_differences(self.snapshot.inputs, now.inputs)

    def passes(self, fail_on: str | None) -> bool:
        """Whether the gate is open to the findings, if it shuts at `fail_on`."""
        return fail_on is None or not any(self.found[: SEVERITIES.index(fail_on) + 1])

    @property
    def summary(self) -> Text:
        """What was found, in words."""
        found = [
            Text(f"{number} {name.en}", f"{name.zh} {number}") for number, name in zip(self.found, _FOUND, strict=True) if number
        ]
        return joined(found, Text(", ", "，")) if found else Text("no findings", "没有问题")


def read_load_record(version: Version | None) -> LoadRecord | None:
    """Read the load record of a version; None if it has none or was changed."""
    answers = fetch_rows(version.path, _BASIS, _RUN, _INPUTS, _ROWS) if version is not None and is_as_published(version) else None
    if version is None or answers is None or not answers[0] or not answers[1]:
        return None  # It was made by an older version of this package.
    (at, strict, holds_until), (started_on, finished_at, found) = answers[0][0], answers[1][0]
    snapshot = Snapshot(at, tuple(Input(*row) for row in answers[2]))
    return LoadRecord(version, snapshot, strict, holds_until, started_on, finished_at, found, dict(answers[3]))


def current_load_record(target: Path, seen: LoadRecord | None = None) -> LoadRecord | None:
    """Read the load record of the current version; None if there is none. One `seen` of this version is not read again."""
    version = current_version(target)
    if seen is not None and seen.version == version and is_as_published(seen.version):
        return seen
    return read_load_record(version)


def rows_of_load(target: Path) -> dict[str, int]:
    """Read how many rows of each table and register the current version was made of, by address."""
    version = current_version(target)
    answers = fetch_rows(version.path, _ROWS) if version is not None else None
    return dict(answers[0]) if answers else {}


@dataclass(frozen=True, slots=True)
class RegisterState:
    """What the check of a register found, kept for the next load.

    Attributes:
        fingerprint: hash of all that it rests on.
        found: the outcomes and findings, as JSON.
        counts: its monthly counts, as an Arrow file.
    """

    fingerprint: str
    found: str
    counts: bytes


def register_states(version: Version) -> dict[str, RegisterState]:
    """Read what a load found of registers, by address."""
    answers = fetch_rows(version.path, "SELECT address, fingerprint, found, counts FROM quality.register_state")
    return {address: RegisterState(*state) for address, *state in answers[0]} if answers else {}


def records_elsewhere(version: Version) -> dict[str, tuple[str, int]]:
    """Read the locations and counts of records that a version does not hold."""
    answers = fetch_rows(version.path, "SELECT address, uri, records FROM quality.records_elsewhere")
    return {address: (uri, records) for address, uri, records in answers[0]} if answers else {}


def refuse_held(target: Path, now: Snapshot, today: date, strict: bool) -> None:
    """Refuse to load again what was rolled back.

    Raises:
        HeldError: a version that is newer than the one in force, and was rolled back, is what a load would make.
    """
    current, held = current_version(target), rolled_back(target)
    for each in versions(target) if current is not None else ():
        if current is None or each.load <= current.load or each.load not in held:
            continue
        record = read_load_record(each)
        if record is not None and record.is_current(now, today, strict):
            raise HeldError(
                f"This is what the load {each.load} was made of, which was rolled back; {current.load} is in force and stays."
                " Change raw/, or load it all the same with --force.",
                f"这与已撤回的装载 {each.load} 内容相同；现行装载 {current.load} 保持不变。请修改 raw/，或加 --force 仍旧装载。",
            )


def would_repeat(
    record: LoadRecord | None,
    take: Callable[[Snapshot | None], Snapshot],
    fail_on: str | None,
    strict: bool,
    today: date,
) -> bool:
    """Whether a load would make the version of a record again, and the gate is open to it.

    Args:
        record: of the current version.
        take: snapshots the inputs; those that a version was made of help it to know them.
        fail_on: the mildest severity that shuts the gate; None for none.
        strict: whether to load strictly.
        today: the day.
    """
    if record is None or not record.is_judged_alike(today, strict) or not record.passes(fail_on):
        return False
    return record.is_current(take(record.snapshot), today, strict)
