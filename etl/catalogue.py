"""Every table of the package, one line each: start reading here.

An address `<domain>.<table>` names the raw file `raw/<domain>/<table>.csv`, the model `<Table>` in
`schemas/<domain>.py`, the DuckDB table `<domain>.<table>` and, where the mart has more than the columns of the model, the
transform `<table>` in `etl/transforms/<domain>.py`.
Beside these stand the tables of the project that a command works on, where it has any of its own (`etl.own`).
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from etl import own
from etl.errors import ProjectError
from schemas.remembered import remembered

if TYPE_CHECKING:
    from schemas.registers import Register
    from schemas.vocabulary import Table

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


@dataclass(frozen=True)
class Catalogued:
    """What stands in the catalogue, at its address."""

    address: str

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
    """A table of the catalogue: its address, the model that says what it is, and its transform, where it has one."""

    model: type[Table]
    transform: Any


@dataclass(frozen=True)
class RegisterEntry(Catalogued):
    """A register of the catalogue: its address, the model that says what it is, and its transform, where it has one."""

    model: type[Register]
    transform: Any


def addresses() -> tuple[str, ...]:
    """Give the addresses of all tables, in order: those of the package, then those of the project's own."""
    there = own.in_force()
    return (*CATALOGUE, *there.tables) if there else CATALOGUE


def register_addresses() -> tuple[str, ...]:
    """Give the addresses of all registers, in the same order."""
    there = own.in_force()
    return (*REGISTERS, *there.registers) if there else REGISTERS


@remembered
def entry(address: str) -> Entry:
    """Give the catalogued table at an address.

    Raises:
        AttributeError, ModuleNotFoundError: its model is missing from the file of its domain.
        ProjectError: the same, or any other fault, in a domain of the project's own.
    """
    return Entry(address, *_declared(address))


@remembered
def register(address: str) -> RegisterEntry:
    """Give the catalogued register at an address.

    Raises:
        AttributeError, ModuleNotFoundError, ProjectError: as for `entry`.
    """
    return RegisterEntry(address, *_declared(address))


def _declared(address: str) -> tuple[Any, Any]:
    """Give the model and the transform that stand at an address."""
    domain, _, table = address.partition(".")
    model = _member(f"schemas.{domain}", "".join(word.capitalize() for word in table.split("_")), address)
    there = _own(domain)
    if there:
        there.refuse_faulty(model, address)
    return model, _transform(domain, table)


def _transform(domain: str, table: str) -> Any:
    """Return what the transform file of a domain declares for a table; None where it declares nothing.

    Raises:
        ProjectError: a file of the project's own declares none of the table, and one of a table that is not listed.
    """
    name = f"etl.transforms.{domain}"
    if find_spec(name) is None:
        return None
    declared = {each: value for each, value in vars(_module(name)).items() if _is_transform(value, name)}
    there = _own(domain)
    strays = [each for each in declared if there and f"{domain}.{each}" not in there.lines]
    if there and strays and table not in declared:
        raise ProjectError(f"{there.file(name)} declares {strays[0]}, and {own.CATALOGUE_FILE} lists no {domain}.{strays[0]}.")
    return declared.get(table)


def _is_transform(value: object, module: str) -> bool:
    """Whether a value of a transform file is declared there as a transform: a mart, or a function that is not imported."""
    return hasattr(type(value), "IS_TRANSFORM") or (isinstance(value, FunctionType) and value.__module__ == module)


def _member(module: str, name: str, address: str) -> Any:
    """Give what a module of a domain declares by that name."""
    there = _own(address.partition(".")[0])
    try:
        return getattr(_module(module), name)
    except AttributeError:
        if there is None:
            raise
        raise ProjectError(f"{there.file(module)} has no {name}, and {there.place(address)} lists {address}.") from None


def _module(name: str) -> ModuleType:
    there = _own(name.rpartition(".")[2])
    return there.module(name) if there else import_module(name)


def _own(domain: str) -> own.Own | None:
    """Give the declarations of the project's own, where a domain is one of theirs."""
    there = own.in_force()
    return there if there and domain in there.domains else None


def domains() -> tuple[str, ...]:
    """Give the catalogued domains, in order."""
    return tuple(dict.fromkeys(address.partition(".")[0] for address in (*addresses(), *register_addresses())))


def entries(domain: str | None = None) -> tuple[Entry, ...]:
    """Give the catalogued tables, in order; with `domain`, of that domain only."""
    return tuple(entry(address) for address in addresses() if domain in (None, address.partition(".")[0]))


def domain_title(domain: str) -> tuple[str, str]:
    """Give a domain's title in Chinese and English, as its schema file states it."""
    first = next(address for address in (*addresses(), *register_addresses()) if address.partition(".")[0] == domain)
    zh, en = _member(f"schemas.{domain}", "TITLE", first)
    return zh, en


def registers(domain: str | None = None) -> tuple[RegisterEntry, ...]:
    """Give the catalogued registers, in order; with `domain`, of that domain only."""
    return tuple(register(address) for address in register_addresses() if domain in (None, address.partition(".")[0]))
