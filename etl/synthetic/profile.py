"""The profile of a register, derived from its model: roles of columns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from etl.catalogue import Catalogue
from etl.errors import ProjectError, UnknownNameError
from etl.synthetic.identifiers import Identifier, identifier
from schemas.flows import Agreement, Flow
from schemas.models import Column
from schemas.registers import TOTAL, Code, Day, Money, Name, Register, columns, flow, key, row_rules
from schemas.registers import Identifier as IdentifierColumn
from schemas.statements import BearsYear, FilledTogether, NotBefore, Statement, YearsWithin
from schemas.texts import Text

Lags = tuple[tuple[int | None, int], ...]
SHORT: Lags = ((0, 82), (1, 15), (None, 3))
"""Years until a record closes, each with its weight; None for never."""
LONG: Lags = ((3, 5), (None, 95))
"""The same where only what is open at the end of a period is published."""


@dataclass(frozen=True)
class Profile:
    """The roles that the columns of a register have.

    Attributes:
        address: of the register.
        model: its model.
        flow: how its records come and go.
        identifiers: how its numbers are made, that of the key first.
        codes: code columns beside the area, each with the codes that a record may have.
    """

    address: str
    model: type[Register]
    flow: Flow
    identifiers: tuple[Identifier, ...]
    codes: dict[str, tuple[str, ...]]

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """All columns, in the order of the file."""
        return tuple(column.name for column in columns(self.model))

    @property
    def number(self) -> Identifier:
        """The identifier of the key."""
        return self.identifiers[0]

    def of_kind(self, kind: type) -> tuple[str, ...]:
        """List the columns of a kind."""
        return tuple(column.name for column in columns(self.model) if isinstance(column.dtype, kind))

    @property
    def amounts(self) -> tuple[str, ...]:
        """The columns of amounts, that of the flow first."""
        return tuple(sorted(self.of_kind(Money), key=lambda name: name != self.flow.amount))

    @property
    def names(self) -> tuple[str, ...]:
        """The columns of names; the one whose different names are published first."""
        counted = self.counted_names
        return tuple(sorted(self.of_kind(Name), key=lambda name: name not in counted))

    @property
    def counted_names(self) -> dict[str, str]:
        """The columns whose different names are counted, each with the figure."""
        fields = self.model.to_schema().columns
        found = {name: (fields[name].metadata or {}).get("distinct", "") for name in self.of_kind(Name)}
        return {name: address for name, address in found.items() if address}

    @cached_property
    def ordered(self) -> tuple[tuple[str, str], ...]:
        """Pairs of days, the first of which a rule holds not to be after the second."""
        found = (each for each in statements(self.model) if isinstance(each, NotBefore))
        return tuple((each.earlier, each.later) for each in found)

    @property
    def filled_with(self) -> dict[str, str]:
        """Columns that are filled or blank together with a day."""
        days = self.of_kind(Day)
        pairs = (each for each in statements(self.model) if isinstance(each, FilledTogether))
        found = {one: other for pair in pairs for one, other in (pair, pair[::-1])}
        return {column: day for column, day in found.items() if day in days and column not in days}

    @property
    def term(self) -> tuple[str, str, dict[str, int]] | None:
        """The longest term: the day from which it is counted, and years by code."""
        for each in statements(self.model):
            if isinstance(each, YearsWithin) and each.later == self.flow.closes and each.category in self.codes:
                years = dict(each.most)
                if years.keys() >= {*self.codes[each.category]}:
                    return each.earlier, each.category, years
        return None

    @property
    def earlier_days(self) -> tuple[str, ...]:
        """The days before a record opens, such as that of filing."""
        opens = self.flow.opens
        before = {one for one, other in (*self.ordered, self.flow.measured) if other == opens}
        return tuple(name for name in self.of_kind(Day) if name in before and name != opens)

    @property
    def other_days(self) -> tuple[str, ...]:
        """The days while a record is open."""
        known = {self.flow.opens, self.flow.closes, *self.earlier_days}
        return tuple(name for name in self.of_kind(Day) if name not in known)

    @property
    def span(self) -> tuple[str, str]:
        """Two days in an order that a rule demands; blank for none."""
        likeliest = [(self.flow.opens, self.flow.closes), self.flow.measured, *self.ordered]
        return next((pair for pair in likeliest if pair in self.ordered), ("", ""))

    @property
    def series(self) -> tuple[str, ...]:
        """Scope of serial numbers: `year`, `area`, both, or nothing."""
        year = ("year",) if self.number.day == self.flow.opens else ()
        return (*year, "area") if self.number.has_area else year

    @property
    def lags(self) -> Lags:
        """In how many years a record closes, each with its weight; None for never."""
        if self.flow.is_foreseen:
            return ((None, 1),)
        measures = {self.measure_of(agreement) for agreement in self.model.__agreements__}
        return LONG if measures & {"open", "amount open"} and "closed" not in measures else SHORT

    def measure_of(self, agreement: Agreement) -> str:
        """Name the number that an agreement compares; empty if it cannot be planned."""
        flow = self.flow
        known = {
            flow.opened.column: "opened",
            flow.closed.column: "closed",
            flow.stock[1]: "open",
            flow.flag or "-": "flagged",
            flow.amount or "-": "amount",
            f"{flow.amount or '-'}_at_end": "amount open",
        }
        return known.get(agreement.measure, "")


def profile(address: str, catalogue: Catalogue) -> Profile:
    """Derive the profile of a register from its model.

    Raises:
        UnknownNameError: no register has that address.
        ProjectError: no identifier is in its key, or no numbers can be made of its pattern.
    """
    if address not in catalogue.register_addresses:
        raise UnknownNameError(Text("register", "登记簿"), address, catalogue.register_addresses)
    model = catalogue.register(address).model
    numbers = [column.name for column in columns(model) if isinstance(column.dtype, IdentifierColumn)]
    if not set(numbers) & set(key(model)):
        raise ProjectError(
            f"{address} has no identifier in its key, so that no two of its made-up records would differ.",
            f"{address} 的主键中没有编号列，生成的记录无法相互区分。",
        )
    declared, dated = model.to_schema().columns, {each.number: each for each in statements(model) if isinstance(each, BearsYear)}
    identifiers = tuple(identifier(each, declared[each].metadata["pattern"], dated.get(each)) for each in numbers)
    codes = {
        each.name: _codes(each, catalogue) for each in columns(model) if isinstance(each.dtype, Code) and each.name != "area"
    }
    return Profile(address, model, flow(model), identifiers, codes)


def _codes(column: Column, catalogue: Catalogue) -> tuple[str, ...]:
    return tuple(code.code for code in catalogue.codes(column.meaning.codes) if code.code != TOTAL)


def statements(model: type[Register]) -> list[Statement]:
    """List the standard statements that the rules of rows make."""
    return [rule.constraint.states for rule in row_rules(model) if rule.constraint and rule.constraint.states]
