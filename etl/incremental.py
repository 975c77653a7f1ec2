"""What a load rests on, and what it need not do again because a load before did it on the same."""

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
from etl.inputs import Observed, declarations, digest, has_changed_since, of_register
from etl.project import Project
from etl.publishing.versions import Version
from etl.warehouse import database
from etl.warehouse.basis import basis
from etl.warehouse.ledger import RegisterState, records_elsewhere
from etl.warehouse.relation import Relation

if TYPE_CHECKING:
    from etl.registers.check import CheckedRegister

Accepted = tuple[str, str, str]
"""Rule, row key and column of a finding that is accepted."""


@dataclass(frozen=True)
class Basis:
    """What a load rests on.

    Attributes:
        project: the project.
        observed: its inputs, as they were at the start.
        today: the day on which waivers are judged.
        strict: whether one unreadable row refuses a file.
    """

    project: Project
    observed: Observed
    today: date
    strict: bool

    @cached_property
    def _current(self) -> list[Waiver]:
        return [each for each in waivers(self.project) if not each.has_expired(self.today)]

    @cached_property
    def _declarations(self) -> str:
        return declarations(self.observed.inputs)

    @property
    def holds_until(self) -> str:
        """The last day on which the waivers are what they are today; empty for good."""
        return min((each.expires_on for each in self._current if each.expires_on), default="")

    def fingerprint(self, address: str, accepted: Collection[Accepted]) -> str:
        """Give the hash of all that the check of a register rests on, but for what is published."""
        return digest(of_register(self.observed.inputs, address), self._declarations, self.strict, sorted(accepted))

    def fingerprint_today(self, address: str) -> str:
        """Give the hash of all that the check of a register rests on today, but for what is published."""
        accepted = [(each.rule, each.row_key, each.column) for each in self._current if each.table == address]
        return self.fingerprint(address, accepted)

    def leave_records(self, checked: Checked) -> None:
        """See that the records that stay with an engine are there, before a warehouse says so.

        Raises:
            ProjectError: they cannot be written.
        """
        for address, register in checked.registers.items():
            if register.leave is not None:
                register.left = register.leave(self.fingerprint_today(address))

    def relations(self, checked: Checked) -> Iterator[Relation]:
        """Give the tables that say what the load rests on, and what the next one can take from it."""
        yield from basis(self.observed, self.strict, self.holds_until, self._states(checked))

    def _states(self, checked: Checked) -> dict[str, RegisterState]:
        if not checked.registers:
            return {}
        from etl.registers.carried import kept

        states = {}
        for address, register in checked.registers.items():
            found = kept(register)
            if found is not None:
                states[address] = RegisterState(self.fingerprint_today(address), *found)
        return states

    def verify(self, path: Path) -> None:
        """See that a file is what was to be loaded, and that the raw files are still what it was made of.

        Raises:
            WriteError: it is not.
            ProjectError: they are not.
        """
        database.verify(path)
        changed = has_changed_since(self.project.root, self.observed)
        if changed:
            raise ProjectError(f"{changed} changed while it was read. Nothing was published; run again when it is done.")


@dataclass(frozen=True)
class Known:
    """Knows the registers that a load before has checked on the same inputs.

    Attributes:
        rests_on: what the load of today rests on.
        states: what the load before found, by address.
        version: what that load made.
    """

    rests_on: Basis
    states: Mapping[str, RegisterState]
    version: Version | None = None

    @cached_property
    def _elsewhere(self) -> dict[str, tuple[str, int]]:
        return records_elsewhere(self.version) if self.version else {}

    def __call__(self, entry: RegisterEntry, accepted: Collection[Accepted]) -> CheckedRegister | None:
        state = self.states.get(entry.address)
        if state is None or state.fingerprint != self.rests_on.fingerprint(entry.address, accepted):
            return None
        from etl.registers.carried import restored
        from etl.registers.means import Left

        checked = restored(entry, state.found, state.counts)
        if entry.address in self._elsewhere:
            checked.left = Left(*self._elsewhere[entry.address])
        return checked
