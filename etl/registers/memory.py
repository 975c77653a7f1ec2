"""How much memory a scan may use: beyond it, what must be remembered of all rows goes to files for as long as the scan lasts."""

from __future__ import annotations

import os
import re

import polars as pl

from etl.errors import ProjectError

DEFAULT_MEGABYTES = 2_000
_UNITS = {"KB": 1e-3, "MB": 1, "GB": 1e3, "KIB": 1.024e-3, "MIB": 1.048576, "GIB": 1073.741824}
_SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?([KMG]i?B)", re.IGNORECASE)


def limit_memory(limit: str) -> None:
    """Hold the streaming engine to a limit such as `2GB`; empty for the default.

    polars 2.1 reads it from its environment. The rows that are being worked on come on top of it: some hundred megabytes.

    Raises:
        ProjectError: it is no size.
    """
    megabytes = megabytes_of(limit) if limit else DEFAULT_MEGABYTES
    os.environ["POLARS_OOC_MEMORY_BUDGET_MB"] = str(max(1, round(megabytes)))
    pl.Config.reload_env_vars()


def megabytes_of(size: str) -> float:
    """Give a size in megabytes.

    Raises:
        ProjectError: it is none.
    """
    match = _SIZE.fullmatch(size.strip())
    if match is None:
        raise ProjectError(f"{size!r} is no size such as 500MB or 2GB.")
    return float(match[1]) * _UNITS[match[2].upper()]
