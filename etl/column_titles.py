"""Titles of columns in Chinese, for messages that name a column."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from etl.catalogue import Catalogue

ColumnTitles = Callable[[str, str], str]
"""Returns the Chinese title of a column of a table, by address and name; empty where there is none."""


def untitled(address: str, column: str) -> str:
    """Return no title."""
    return ""


def column_titles(catalogue: Catalogue) -> ColumnTitles:
    """Return the titles of the columns of a catalogue's tables and registers."""

    @cache
    def of_table(address: str) -> dict[str, str]:
        from schemas import models, registers  # which a run without findings does not need

        if address in catalogue.addresses:
            declared = models.columns(catalogue.entry(address).model)
        elif address in catalogue.register_addresses:
            declared = registers.columns(catalogue.register(address).model)
        else:
            return {}
        return {column.name: column.meaning.zh for column in declared}

    return lambda address, column: of_table(address).get(column, "")


def called(title: str, name: str) -> str:
    """Name a column in a Chinese message: its title, and its own name in brackets."""
    return f"{title}（{name}）" if title else name
