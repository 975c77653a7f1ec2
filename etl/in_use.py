"""TEMPORARY: the tables of the catalogue in use, for callers that do not yet pass one; delete with `schemas.remembered`."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from schemas.remembered import in_use

if TYPE_CHECKING:
    from etl.catalogue import Catalogue, Entry, RegisterEntry

__all__ = ["addresses", "domain_title", "domains", "entries", "entry", "register", "register_addresses", "registers"]


def catalogue_in_use() -> Catalogue:
    """Return the catalogue in use."""
    catalogue: Catalogue = in_use() or import_module("etl.catalogue").PACKAGE
    return catalogue


def addresses() -> tuple[str, ...]:
    """Return the addresses of the tables of the catalogue in use."""
    return catalogue_in_use().addresses


def register_addresses() -> tuple[str, ...]:
    """Return the addresses of the registers of the catalogue in use."""
    return catalogue_in_use().register_addresses


def entry(address: str) -> Entry:
    """Return a table of the catalogue in use."""
    return catalogue_in_use().entry(address)


def register(address: str) -> RegisterEntry:
    """Return a register of the catalogue in use."""
    return catalogue_in_use().register(address)


def domains() -> tuple[str, ...]:
    """Return the domains of the catalogue in use."""
    return catalogue_in_use().domains


def entries(domain: str | None = None) -> tuple[Entry, ...]:
    """Return the tables of the catalogue in use."""
    return catalogue_in_use().entries(domain)


def domain_title(domain: str) -> tuple[str, str]:
    """Return the title of a domain of the catalogue in use."""
    return catalogue_in_use().domain_title(domain)


def registers(domain: str | None = None) -> tuple[RegisterEntry, ...]:
    """Return the registers of the catalogue in use."""
    return catalogue_in_use().registers(domain)
