"""Fingerprint the inputs of a load, and reuse earlier results on the same inputs."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from etl.catalogue import RegisterEntry
from etl.errors import ProjectError
from etl.gate.check import Checked
from etl.gate.waivers import Waiver, waivers
from etl.input_snapshot import Snapshot, digest, digest_declarations, find_changed_file, register_inputs
from etl.project import Project
from etl.tables.publication_day import judged_alike_until
from etl.warehouse import database
from etl.warehouse.load_inputs import load_input_tables
from etl.warehouse.load_record import LoadRecord, RegisterState, records_elsewhere, register_states
from etl.warehouse.table_spec import TableSpec

if TYPE_CHECKING:
    from etl.registers.check import CheckedRegister


@dataclass(frozen=True)
class LoadFingerprint:
    """Fingerprint of a load's inputs.

    Attributes:
        project: the project.
        snapshot: its inputs, as they were at the start.
        today: the day on which waivers are judged.
        strict: whether one unreadable row refuses a file.
    """

    project: Project
    snapshot: Snapshot
    today: date
    strict: bool

    @cached_property
    def _current(self) -> list[Waiver]:
        return [each for each in waivers(self.project) if not each.has_expired(self.today)]

    @cached_property
    def declarations(self) -> str:
        """Hash of all declarations, and of the versions of what they run on."""
        return digest_declarations(self.snapshot.inputs)

    def of_register(self, address: str) -> str:
        """Hash the inputs of a register's check, except the published figures."""
        accepted = sorted((each.rule, each.row_key, each.column) for each in self._current if each.table == address)
        return digest(register_inputs(self.snapshot.inputs, address), self.declarations, self.strict, accepted)

    def retain_records(self, checked: Checked) -> None:
        """Retain the records kept by an engine until a warehouse locates them.

        Raises:
            ProjectError: they cannot be written.
        """
        for address, register in checked.registers.items():
            if register.partition is not None:
                register.retained = register.partition.retain(self.of_register(address))

    def tables(self, checked: Checked) -> Iterator[TableSpec]:
        """Yield the tables of what the load rests on, and of what the next one can reuse."""
        days = [each.expires_on for each in self._current] + [judged_alike_until(self.project.source_list, self.today)]
        holds_until = min(filter(None, days), default="")
        yield from load_input_tables(self.snapshot, self.strict, holds_until, self._states(checked))

    def _states(self, checked: Checked) -> dict[str, RegisterState]:
        if not checked.registers:
            return {}
        from etl.registers.cached_results import dump_results

        dumped = {address: dump_results(register) for address, register in checked.registers.items()}
        return {address: RegisterState(self.of_register(address), *each) for address, each in dumped.items() if each is not None}

    def verify(self, path: Path) -> None:
        """Verify the written file, and that the raw files are unchanged.

        Raises:
            WriteError: it is not.
            ProjectError: they are not.
        """
        database.verify_file(path)
        changed = find_changed_file(self.project.root, self.snapshot)
        if changed:
            raise ProjectError(
                f"{changed} changed while it was read. Nothing was published; run again when it is done.",
                f"{changed} 在读取时被改动。未发布任何内容；请待改动结束后重新运行。",
            )


@dataclass(frozen=True)
class CachedRegisters:
    """The registers that an earlier load has checked on the same inputs.

    Attributes:
        fingerprint: what the load of today rests on.
        before: the record of the earlier load; None for none.
    """

    fingerprint: LoadFingerprint
    before: LoadRecord | None

    @cached_property
    def _states(self) -> Mapping[str, RegisterState]:
        return register_states(self.before.version) if self.before else {}

    @cached_property
    def _elsewhere(self) -> dict[str, tuple[str, int]]:
        return records_elsewhere(self.before.version) if self.before else {}

    def __call__(self, entry: RegisterEntry, waived: Collection[tuple[str, str, str]]) -> CheckedRegister | None:
        """Return a register's earlier result; None if its inputs have changed."""
        state = self._states.get(entry.address)
        if state is None or state.fingerprint != self.fingerprint.of_register(entry.address):
            return None
        from etl.registers.cached_results import load_results
        from etl.registers.partition import RetainedRecords

        checked = load_results(entry, state.found, state.counts)
        if entry.address in self._elsewhere:
            checked.retained = RetainedRecords(*self._elsewhere[entry.address])
        return checked
