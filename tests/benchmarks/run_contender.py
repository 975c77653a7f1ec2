"""Run one contender on one file, in the environment whose Python runs this, and tell what it found and how long it took."""

from __future__ import annotations

import importlib
import json
import sys
import time
from importlib.metadata import version

from cases import Task


def main(contender: str, file: str, more: str) -> None:
    """Import the contender, let it check the file, and write one line of JSON."""
    importing = time.perf_counter()
    module = importlib.import_module(f"contenders.{contender}")
    started = time.perf_counter()
    found = module.check(Task(file, int(more)))
    ended = time.perf_counter()
    told = {
        "seconds": ended - started,
        "import_seconds": started - importing,
        "found": {rule: int(rows) for rule, rows in found.items()},
        "versions": {package: version(package) for package in module.PACKAGES},
    }
    sys.stdout.write("\n" + json.dumps(told, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
