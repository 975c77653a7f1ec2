"""What a column of an exported table is."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.code_lists import Code


@dataclass(frozen=True, slots=True)
class Field:
    """A column of an exported table.

    Attributes:
        name: as in the warehouse.
        zh: its meaning in Chinese.
        en: its meaning in English.
        kind: `area`, `period`, `category`, `source`, `section`, `revision` or `status`; of a number its kind of figure, or
            `derived`; where nothing is declared what it holds: `text`, `integer`, `number`, `boolean`, `date`, `datetime` or
            `other`.
        unit: of a number, as printed in Chinese; empty for others.
        unit_en: the same in English.
        codes: name of the code list of its cells; empty where there is none.
        listed: the codes of that list.
        required: whether no cell is empty.
        minimum: least value that its kind allows; None for no limit.
        maximum: greatest value that its kind allows; None for no limit.
    """

    name: str
    zh: str
    en: str
    kind: str
    unit: str = ""
    unit_en: str = ""
    codes: str = ""
    listed: tuple[Code, ...] = ()
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None

    @property
    def is_number(self) -> bool:
        """Whether its cells are numbers."""
        return bool(self.unit) or self.kind in ("integer", "number")

    @property
    def is_whole(self) -> bool:
        """Whether its cells are whole numbers."""
        return self.kind in ("count", "integer")

    @property
    def code_names(self) -> dict[str, tuple[str, str]]:
        """The codes of its list with Chinese and English names; empty without one."""
        return {each.code: (each.zh, each.en) for each in self.listed}
