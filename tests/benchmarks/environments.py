"""An environment of its own for each family of peers, made once and kept; the project's own stays as it is."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

OWN = "own"
PEERS = {
    "frames": ("pandera[polars]", "dataframely", "pointblank", "polars", "duckdb", "pyarrow"),
    "great_expectations": ("great_expectations", "pandas", "pyarrow"),
    "soda": ("soda-duckdb",),
    # dbt-core 1.12 fetches a part of itself while it is built, which a machine without the open network cannot.
    "dbt": ("dbt-duckdb", "dbt-core<1.12"),
}


class MissingEnvironmentError(Exception):
    """An environment could not be made."""


def python_of(name: str, folder: Path) -> str:
    """Return the Python of an environment, which is made if it is not there.

    Raises:
        MissingEnvironmentError: a package could not be installed.
    """
    if name == OWN:
        return sys.executable
    wanted = PEERS[name]
    made = folder / f"{name}-{hashlib.sha256(' '.join(wanted).encode()).hexdigest()[:8]}"
    python, stamp = made / "bin" / "python", made / "installed"
    if not stamp.is_file():
        commands = (
            [sys.executable, "-m", "venv", "--clear", str(made)],
            [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted],
        )
        for command in commands:
            ran = subprocess.run(command, capture_output=True, text=True, check=False)
            if ran.returncode:
                lines = [line for line in ran.stderr.splitlines() if "error" in line.lower()] or ran.stderr.splitlines()
                raise MissingEnvironmentError(f"{' '.join(wanted)} did not install: {lines[-1] if lines else ran.returncode}")
        stamp.touch()
    return str(python)
