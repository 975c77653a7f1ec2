"""Errors that stop a command. Each knows the exit code it ends with and tells the next step."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class ProjectError(Exception):
    """The project, or what was asked of it, could not be checked at all."""

    exit_code = 2


class UnknownNameError(ProjectError):
    """A name that is not among those it must be one of."""

    def __init__(self, what: str, name: str, known: Iterable[str]) -> None:
        super().__init__(f"No {what} {name!r}.{did_you_mean(name, known)}")


class QueryError(ProjectError):
    """A query that the warehouse refused."""

    exit_code = 1


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Give ` Did you mean '…'?` for the nearest known name, or an empty string where none is near."""
    near = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f" Did you mean {near[0]!r}?" if near else ""
