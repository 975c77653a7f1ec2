"""Paths as arguments: given as `pathlib.Path`, which is imported with the first of them, so that `etl --help` answers at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import os
    from pathlib import Path


class PathArgument(click.Path):
    """What `click.Path(path_type=Path)` is."""

    def convert(self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Give the path."""
        from pathlib import Path

        found: Any = super().convert(value, param, ctx)
        return Path(found)
