"""Spark's packages for the tests, in a folder of their own beside those of the project; made once, and anew when they change.

    python tests/spark_environment.py

pandera imports the whole of `pyspark.pandas` where there is a pyspark, so it is not among the packages of the project. Here it is
laid over them for one process: the tests run with the Python that runs this, and with this clone's code.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDER = "ETL_SPARK_ENVIRONMENT"
"""Names the folder below which the packages are kept; without it they are not installed."""

WEEK = 7 * 24 * 3600
"""Seconds. Another clone's packages are in use as long as its tests are run."""


def packages() -> list[str]:
    """Give what the extra `spark` asks for."""
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    return sorted(map(str, extras["spark"]))


def environment(folder: Path) -> dict[str, str]:
    """Give the environment of a process that runs this clone's code with Spark, whose packages are installed where they are not.

    Raises:
        CalledProcessError: they cannot be installed; nothing half-made is left.
    """
    key = hashlib.sha256("\n".join([*packages(), sys.version]).encode()).hexdigest()[:16]
    made = folder.resolve() / key
    with _alone(folder):
        if not made.is_dir():
            _install(made)
        os.utime(made)
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(made)]), "PYTHONUTF8": "1"}


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait until nobody else installs there; a process that dies lets go."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _install(made: Path) -> None:
    """Install the packages, and name their folder when they are whole; what nobody has used for a week is removed."""
    for other in made.parent.iterdir():
        if other.is_dir() and time.time() - other.stat().st_mtime > WEEK:
            shutil.rmtree(other)
    with tempfile.TemporaryDirectory(dir=made.parent, prefix="half-made-") as begun:
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
        subprocess.run([*pip, "--target", f"{begun}/packages", *packages()], check=True)
        Path(begun, "packages").rename(made)


if __name__ == "__main__":
    environment(Path(os.environ[FOLDER]))
