"""Where the examples of a table stand: each set of rows in areas and years of its own, so that none is looked up by another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from etl.scaffold.period_parsing import moved
from schemas.code_lists import codes

YEARS_APART = 10


@dataclass
class Moves:
    """Moves rows to places where no others are; asked for one set after another."""

    taken: int = 0
    rounds: int = 0
    _free: list[str] = field(default_factory=list)

    def moved(self, rows: Sequence[dict[str, str | None]]) -> list[dict[str, str | None]]:
        """Give rows in other areas and years, those that enclose others still around them."""
        areas = list(dict.fromkeys(str(row["area"]) for row in rows))
        to = self._around(areas) or self._apart(areas)
        years = -YEARS_APART * (1 + self.rounds)
        return [row | {"area": to[str(row["area"])], "period": moved(str(row["period"]), years)} for row in rows]

    def _apart(self, areas: Sequence[str]) -> dict[str, str]:
        """Give each area one that was not given in this decade."""
        if len(self._free) < len(areas):
            listed = [code.code for code in codes("areas")]
            self._free = [code.code for code in codes("areas") if code.parent and code.code not in areas] or listed
            self._free += [code for code in listed if code not in self._free] if len(self._free) < len(areas) else []
            self.rounds += 1
        given, self._free = self._free[: len(areas)], self._free[len(areas) :]
        return dict(zip(areas, given, strict=True))

    def _around(self, areas: Sequence[str]) -> dict[str, str]:
        """Give areas that enclose each other as these do, in a decade of their own; empty where none of these does."""
        parents = {code.code: code.parent for code in codes("areas")}
        outer = [area for area in areas if area in {parents.get(each) for each in areas}]
        if not outer:
            return {}
        self.rounds += 1
        self._free = []
        return {area: area for area in areas}
