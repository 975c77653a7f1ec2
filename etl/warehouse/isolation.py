"""Isolate a connection from the machine."""

from __future__ import annotations

ISOLATED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": False,
    "python_enable_replacements": False,
    "allow_persistent_secrets": False,
    "allow_community_extensions": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
"""A query sees the warehouse: no other file, no network, no variable of this process, no extension."""
