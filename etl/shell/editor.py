"""The SQL editor that `etl ui` opens: Harlequin, from this environment or from one of its own."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from etl.errors import ProjectError


def editor(warehouse: Path, options: Sequence[str]) -> list[str]:
    """Give the command that opens a warehouse, read-only, in the editor, with options of the editor's own.

    Raises:
        ProjectError: there is no warehouse, or no editor.
    """
    if not warehouse.is_file():
        raise ProjectError(f"No warehouse at {warehouse}. Make it with `etl run`.")
    if find_spec("harlequin"):
        command = [sys.executable, "-P", "-m", "harlequin"]
    elif found := shutil.which("harlequin"):
        command = [found]
    else:
        raise ProjectError(
            "Harlequin, the SQL editor, is not installed. Install the extra `ui` (pip install 'ip-bulletin-etl[ui]'), or the "
            "program in an environment of its own (pipx install harlequin). `etl sql` needs neither."
        )
    return [*command, "--adapter", "duckdb", "--read-only", *options, str(warehouse)]
