"""TEMPORARY: the tables of the catalogue in use, for callers that do not yet pass one; delete with `schemas.remembered`."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from schemas.remembered import in_use


def catalogue_in_use() -> Any:
    """Return the catalogue in use."""
    return in_use() or import_module("etl.catalogue").PACKAGE


def addresses() -> Any:
    """Return the addresses of the tables of the catalogue in use."""
    return catalogue_in_use().addresses


def register_addresses() -> Any:
    """Return the addresses of the registers of the catalogue in use."""
    return catalogue_in_use().register_addresses


def entry(address: str) -> Any:
    """Return a table of the catalogue in use."""
    return catalogue_in_use().entry(address)


def register(address: str) -> Any:
    """Return a register of the catalogue in use."""
    return catalogue_in_use().register(address)


def domains() -> Any:
    """Return the domains of the catalogue in use."""
    return catalogue_in_use().domains


def entries(domain: str | None = None) -> Any:
    """Return the tables of the catalogue in use."""
    return catalogue_in_use().entries(domain)


def domain_title(domain: str) -> Any:
    """Return the title of a domain of the catalogue in use."""
    return catalogue_in_use().domain_title(domain)


def registers(domain: str | None = None) -> Any:
    """Return the registers of the catalogue in use."""
    return catalogue_in_use().registers(domain)
