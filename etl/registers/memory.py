"""Limit the memory of a scan, beyond which polars spills to files."""

from __future__ import annotations

import os

import polars as pl

from etl.sizes import bytes_of

DEFAULT_MEGABYTES = 2_000


def limit_memory(limit: str) -> None:
    """Hold the streaming engine to a limit such as `2GB`; empty for the default.

    polars 2.1 reads it from its environment only. The rows that are being worked on, some hundred megabytes, and the hashes of
    the keys, eight bytes a record, come on top.

    Raises:
        ProjectError: it is no size.
    """
    megabytes = bytes_of(limit) / 1e6 if limit else DEFAULT_MEGABYTES
    os.environ["POLARS_OOC_MEMORY_BUDGET_MB"] = str(max(1, round(megabytes)))
    pl.Config.reload_env_vars()
