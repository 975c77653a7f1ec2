"""Every table of the package, one line each: start reading here.

An address `<domain>.<table>` names the raw file `raw/<domain>/<table>.csv`, the model `<Table>` in
`schemas/<domain>.py`, the DuckDB table `<domain>.<table>` and, where the mart has more than the columns of the model, the
transform `<table>` in `etl/transforms/<domain>.py`.
A `Catalogue` is these declarations with those of one project laid over them (`etl.project_extensions`).
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from etl.catalogue_file import CODES
from etl.declarations import ChangedRule, Declarations
from etl.errors import ProjectError
from etl.project_extensions import ProjectExtensions, Say, read_extensions, silent
from schemas.code_lists import PACKAGE_LISTS, Code, CodeLists, Hedge, Unit
from schemas.texts import text_of

if TYPE_CHECKING:
    from etl.figures.words import Notation
    from schemas.models import Table
    from schemas.registers import Register

CATALOGUE: tuple[str, ...] = (
    "patents.stock",
    "patents.density",
    "patents.industries",
    "patents.enterprises",
    "patents.grants",
    "patents.applications",
    "patents.pct_applications",
    "patents.applicants",
    "patents.pre_examination",
    "patents.awards",
    "patents.recognised_enterprises",
    "trademarks.stock",
    "trademarks.applications",
    "trademarks.madrid_applications",
    "trademarks.well_known",
    "trademarks.brands",
    "trademarks.geographical_indications",
    "trademarks.geographical_indication_economy",
    "copyright.registrations",
    "copyright.service_stations",
    "plant_varieties.rights",
    "plant_varieties.approvals",
    "plant_varieties.seed_enterprises",
    "plant_varieties.cultivation",
    "commercialization.industrialisation",
    "commercialization.resource_library",
    "commercialization.transfers",
    "commercialization.licence_filings",
    "commercialization.industrialised_patents",
    "finance.pledges",
    "finance.insurance",
    "finance.securitisation",
    "operations.patent_pools",
    "operations.fund",
    "operations.competitions",
    "administration.adjudications",
    "administration.infringement_cases",
    "administration.penalties",
    "administration.abnormal_filings",
    "administration.joint_hearings",
    "administration.foreign_related_cases",
    "administration.satisfaction",
    "trade_secrets.pilot",
    "trade_secrets.alliances",
    "trade_secrets.standard_adopters",
    "police.operations",
    "customs.seizures",
    "customs.leads",
    "courts.caseload",
    "courts.benches",
    "courts.technical_investigators",
    "courts.backlog",
    "procuratorate.prosecutions",
    "procuratorate.litigation",
    "procuratorate.advice",
    "procuratorate.compensation",
    "procuratorate.typical_cases",
    "mediation.disputes",
    "mediation.bodies",
    "overseas.experts",
    "overseas.disputes",
    "overseas.litigation",
    "overseas.insurance",
    "services.one_stop_centre",
    "services.protection_centre",
    "platform.information_service",
    "platform.navigation_bases",
    "platform.brand_stations",
    "platform.agencies",
    "talent.think_tank",
    "talent.training_bases",
    "talent.attorneys",
    "talent.mutual_appointments",
)

# Tables of records, one row a case or a patent, each of which may be absent. Their transforms count them by month.
REGISTERS: tuple[str, ...] = (
    "patents.grants_register",
    "trademarks.registrations",
    "finance.pledges_register",
    "administration.disputes",
    "courts.cases",
)

IS_REGISTER: Mapping[str, bool] = {**dict.fromkeys(CATALOGUE, False), **dict.fromkeys(REGISTERS, True)}


@dataclass(frozen=True)
class Catalogued:
    """A table or register of a catalogue, at its address.

    Attributes:
        address: domain and table.
        catalogue: the catalogue that it belongs to.
        changed_rules: the rules of its model that the project changes.
    """

    address: str
    catalogue: Catalogue = field(default_factory=lambda: PACKAGE, repr=False, kw_only=True)
    changed_rules: tuple[ChangedRule, ...] = field(default=(), kw_only=True)

    @property
    def domain(self) -> str:
        """The part of the address before the dot."""
        return self.address.partition(".")[0]

    @property
    def table(self) -> str:
        """The part of the address after the dot."""
        return self.address.partition(".")[2]


@dataclass(frozen=True)
class Entry(Catalogued):
    """A table of the catalogue: the model that declares it, and its transform, where it has one."""

    model: type[Table]
    transform: Any

    @property
    def added_columns(self) -> tuple[str, ...]:
        """The columns that a project adds to a table of the package."""
        from schemas.models import columns  # which needs pandera

        if self.catalogue is PACKAGE or self.address not in CATALOGUE:
            return ()
        there = {column.name for column in columns(PACKAGE.entry(self.address).model)}
        return tuple(column.name for column in columns(self.model) if column.name not in there)


@dataclass(frozen=True)
class RegisterEntry(Catalogued):
    """A register of the catalogue: the model that declares it, and its transform, where it has one."""

    model: type[Register]
    transform: Any


@dataclass(frozen=True, eq=False)
class Catalogue:
    """The declarations of the package, with those of one project laid over them. All that follows from it is computed once.

    Attributes:
        extensions: what the project declares; None for the package alone.
    """

    extensions: ProjectExtensions | None = None

    @staticmethod
    def of(root: Path, say: Say = silent) -> Catalogue:
        """Return the catalogue of a project; that of the package where the project declares nothing.

        No code of the project runs before one of its models is asked for; `say` is called before it does.

        Raises:
            ProjectError: its `catalogue.txt` cannot be read, or a file would hide one of the package.
        """
        extensions = read_extensions(root, IS_REGISTER, say)
        return Catalogue(extensions) if extensions else PACKAGE

    @cached_property
    def addresses(self) -> tuple[str, ...]:
        """The addresses of all tables in use, in order: those of the package, then those of the project."""
        return self._in_use(CATALOGUE, is_register=False)

    @cached_property
    def register_addresses(self) -> tuple[str, ...]:
        """The addresses of all registers in use, in the same order."""
        return self._in_use(REGISTERS, is_register=True)

    @cached_property
    def unused(self) -> tuple[str, ...]:
        """The addresses of the package's tables and registers that the project does not use."""
        return tuple(each for each in IS_REGISTER if each not in {*self.addresses, *self.register_addresses})

    def _in_use(self, package: Sequence[str], *, is_register: bool) -> tuple[str, ...]:
        if self.extensions is None:
            return tuple(package)
        listed = self.extensions.listed
        own = [each for each in listed.lines if (each in listed.registers) == is_register]
        return tuple(dict.fromkeys((*(each for each in package if listed.uses(each) or each in own), *own)))

    @cached_property
    def domains(self) -> tuple[str, ...]:
        """The domains in use, in order."""
        return tuple(dict.fromkeys(address.partition(".")[0] for address in (*self.addresses, *self.register_addresses)))

    def domain_title(self, domain: str) -> tuple[str, str]:
        """Return a domain's title in Chinese and English, as its schema file states it."""
        return self._declarations.title(domain)

    def entries(self, domain: str | None = None) -> tuple[Entry, ...]:
        """Return the tables in use, in order; with `domain`, of that domain only."""
        return tuple(self.entry(address) for address in self.addresses if domain in (None, address.partition(".")[0]))

    def registers(self, domain: str | None = None) -> tuple[RegisterEntry, ...]:
        """Return the registers in use, in order; with `domain`, of that domain only."""
        return tuple(self.register(address) for address in self.register_addresses if domain in (None, address.partition(".")[0]))

    @cached_property
    def entry(self) -> Callable[[str], Entry]:
        """Return the table at an address, in use or not.

        Raises:
            AttributeError, ModuleNotFoundError: its model or transform is missing from the file of its domain.
            ProjectError: the same, or any other fault, in a declaration of the project.
        """
        return functools.cache(lambda address: Entry(address, **self._declarations.at(address), catalogue=self))

    @cached_property
    def register(self) -> Callable[[str], RegisterEntry]:
        """Return the register at an address, in use or not; raises what `entry` does."""
        return functools.cache(lambda address: RegisterEntry(address, **self._declarations.at(address), catalogue=self))

    @property
    def changed_rules(self) -> tuple[ChangedRule, ...]:
        """The rules that the project switches off or gives another severity, once for each table that declares the rule."""
        return self._declarations.changed_rules

    @cached_property
    def _declarations(self) -> Declarations:
        return Declarations(IS_REGISTER, (*self.addresses, *self.register_addresses), self.lists, self.extensions)

    @cached_property
    def lists(self) -> CodeLists:
        """The code lists of the package, merged with those of the project.

        Raises:
            ProjectError: a list of the project cannot be read, or contradicts the package's.
        """
        if self.extensions is None or not self.extensions.has_catalogue:
            return PACKAGE_LISTS
        lists = CodeLists(self.extensions.root / "schemas" / CODES)
        try:
            lists.verify()
        except (ValueError, LookupError, OSError) as error:
            raise ProjectError(text_of(error)) from error
        return lists

    def codes(self, name: str) -> tuple[Code, ...]:
        """Return the codes of a list, in its order."""
        return self.lists.codes(name)

    @property
    def units(self) -> tuple[Unit, ...]:
        """Every unit that a figure may be printed in."""
        return self.lists.units

    @property
    def hedges(self) -> tuple[Hedge, ...]:
        """Every hedge that a figure may be printed with."""
        return self.lists.hedges

    @property
    def parents(self) -> Mapping[str, str | None]:
        """The area that encloses each area; None for the outermost."""
        return self.lists.parents

    @cached_property
    def notation(self) -> Notation:
        """How figures are written: the patterns and scales of its units and hedges."""
        from etl.figures.words import PACKAGE_NOTATION, Notation  # which needs polars

        return PACKAGE_NOTATION if self.extensions is None else Notation(self.lists)


PACKAGE: Catalogue = Catalogue()
"""The declarations of the package alone."""
