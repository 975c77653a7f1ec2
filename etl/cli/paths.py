"""Convert path arguments, importing `pathlib` only when one is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import os
    from pathlib import Path


class PathArgument(click.Path):
    """What `click.Path(path_type=Path)` is."""

    def convert(self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Convert the argument to a path."""
        from pathlib import Path

        found: Any = super().convert(value, param, ctx)
        return Path(found)
