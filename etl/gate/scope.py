"""Narrow a check to rules, or to what is named or changed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from etl.catalogue import Catalogue
from etl.errors import UnknownNameError
from etl.findings import Finding
from etl.gate.check import Checked
from etl.gate.named import Named
from schemas.builtin_register_rules import REGISTER_RULES
from schemas.builtin_rules import BUILTIN_RULES, FIGURES_ARE_ALL_TAKEN, FILE_IS_CATALOGUED, READING_RULES
from schemas.models import rules
from schemas.registers import declared_rules
from schemas.texts import Text

_OF_PROJECT = frozenset({FILE_IS_CATALOGUED.id, FIGURES_ARE_ALL_TAKEN.id})
"""Rules whose findings belong to no table."""
_OF_REGISTERS = frozenset(rule.id for rule in REGISTER_RULES)
_OF_FILES = frozenset(rule.id for rule in BUILTIN_RULES) - _OF_PROJECT
_LEDGER = re.compile(r"raw/sources/(.+?)(?:\.left_out|\.taken|\.links|\.phrases)?\.[^./]+")


@dataclass(frozen=True, slots=True)
class Scope:
    """The limits of a check.

    Attributes:
        domain: the only domain, or several with commas between them; empty for all.
        select: names or patterns of the only rules; none for all.
        ignore: names or patterns of rules that are left out.
        changed_since: the git revision since which a table must have changed; empty where that does not matter.
        names: paths, addresses or domains of what is checked; none for all.
    """

    domain: str = ""
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    changed_since: str = ""
    names: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[str, ...]:
        """What is named, the domain included."""
        return (*self.names, *self.domains)

    @property
    def domains(self) -> tuple[str, ...]:
        """The domains of `domain`, which a comma may join."""
        return tuple(filter(None, map(str.strip, self.domain.split(","))))


def known_rules(catalogue: Catalogue) -> tuple[str, ...]:
    """List the ids of all rules, built-in ones first, switched-off ones included."""
    declared = [rule.id for entry in catalogue.entries() for rule in rules(entry.model)]
    declared += [rule.id for register in catalogue.registers() for rule in declared_rules(register.model)]
    declared += [each.rule.id for each in catalogue.changed_rules]
    return tuple(dict.fromkeys((*(rule.id for rule in (*BUILTIN_RULES, *REGISTER_RULES)), *declared)))


def match_rules(patterns: Iterable[str], catalogue: Catalogue) -> frozenset[str]:
    """Match names or patterns of rules: `growth-*`, or several joined by commas.

    Raises:
        UnknownNameError: one of them matches no rule.
    """
    named: set[str] = set()
    known: tuple[str, ...] = ()
    for pattern in (name.strip() for text in patterns for name in text.split(",")):
        known = known or known_rules(catalogue)  # which needs every model
        matching = {rule for rule in known if fnmatchcase(rule, pattern)}
        if not matching:
            raise UnknownNameError(Text("rule", "规则"), pattern, known)
        named |= matching
    return frozenset(named)


def refuse_unknown(scope: Scope, catalogue: Catalogue) -> None:
    """Refuse a scope with an unknown domain or rule, before any work is done.

    Raises:
        UnknownNameError: it names an unknown domain or rule.
    """
    for domain in scope.domains:
        if domain not in catalogue.domains:
            raise UnknownNameError(Text("domain", "领域"), domain, catalogue.domains)
    match_rules((*scope.select, *scope.ignore), catalogue)


def narrow(
    checked: Checked,
    scope: Scope,
    catalogue: Catalogue,
    changed: Collection[str] | None = None,
    named: Named | None = None,
) -> Checked:
    """Return the part of a check that lies in a scope.

    Args:
        checked: the check.
        scope: the limits.
        catalogue: the rules that there are.
        changed: files, relative to the project, that changed since the scope's revision; None where it names none.
        named: what the names of the scope mean; None where it has none.
    """
    if named is not None:
        checked = keep_named(checked, named)
    if scope.select or scope.ignore:
        chosen = match_rules(scope.select, catalogue) if scope.select else frozenset(known_rules(catalogue))
        chosen -= match_rules(scope.ignore, catalogue)
        checked = keep_rules(checked, chosen)
        checked = replace(checked, ran_nothing=not _runs_any(checked, chosen, scope))
    return checked if changed is None else keep_changed(checked, changed)


def _runs_any(checked: Checked, chosen: frozenset[str], scope: Scope) -> bool:
    """Whether any of the chosen rules bears on what is there; one that did not run does, too."""
    if any(outcomes for outcomes in checked.outcomes.values()):
        return True
    # Those of files and documents have no outcomes; a domain has no findings of those that bear on the whole project.
    of_files = chosen - {rule.id for rule in READING_RULES}
    return bool(
        (checked.registers and of_files & _OF_REGISTERS)
        or ((checked.tables or checked.registers) and of_files & _OF_FILES)
        or (not scope.parts and of_files & _OF_PROJECT)
    )


def keep_rules(checked: Checked, chosen: Collection[str]) -> Checked:
    """Keep the outcomes and findings of some rules."""
    return replace(
        checked,
        outcomes={
            address: [outcome for outcome in outcomes if outcome.rule.id in chosen]
            for address, outcomes in checked.outcomes.items()
        },
        findings=[finding for finding in checked.findings if finding.rule in chosen],
    )


def keep_changed(checked: Checked, changed: Collection[str]) -> Checked:
    """Keep the tables whose raw file or ledger changed, and findings in changed files."""
    return keep_named(checked, Named(frozenset(), frozenset(changed)))


def keep_named(checked: Checked, named: Named) -> Checked:
    """Keep the tables that are named, or whose raw file or ledger is, and the findings in which these take part.

    `raw/sources.csv`, `raw/waivers.csv`, `raw/notes.csv` and the project's own declarations bear on every table.
    """
    if named.is_whole:
        return checked
    sources = {ledger[1] for file in named.files if (ledger := _LEDGER.fullmatch(file))}
    tables = {
        address: table
        for address, table in checked.tables.items()
        if address in named.tables
        or named.files.intersection(table.raw.files)
        or sources.intersection(table.raw.cells.get("source", ()))
    }
    records = {address: register for address, register in checked.registers.items() if named.has(address)}
    files = named.files.union(*(table.raw.files for address, table in tables.items() if named.has(address)))
    skipped, absent = ([each for each in those if named.has(each)] for those in (checked.skipped, checked.absent))
    mine = {*tables, *records, *skipped, *absent}
    return replace(
        checked,
        tables=tables,
        outcomes={address: found for address, found in checked.outcomes.items() if address in mine},
        findings=[each for each in checked.findings if each.table in mine or _touches(each, files)],
        skipped=skipped,
        registers=records,
        absent=absent,
    )


def _touches(finding: Finding, files: Collection[str]) -> bool:
    return finding.place.file in files or any(witness.place.file in files for witness in finding.witnesses)
