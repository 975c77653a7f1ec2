"""Sizes as a person writes them."""

from __future__ import annotations

import re

from etl.errors import ProjectError

_UNITS = {"KB": 10**3, "MB": 10**6, "GB": 10**9, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30}
_SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?([KMG]i?B)", re.IGNORECASE)


def bytes_of(size: str) -> int:
    """Parse a size such as `500MB` to bytes.

    Raises:
        ProjectError: it is not a size.
    """
    match = _SIZE.fullmatch(size.strip())
    if match is None:
        raise ProjectError(f"{size!r} is no size such as 500MB or 2GB.", f"“{size}”不是容量，应如 500MB 或 2GB。")
    return round(float(match[1]) * _UNITS[match[2].upper()])
