"""Child process that reads a workbook, Parquet file or document under tight limits.

Its standard input is one line of JSON and then the bytes of the file; its standard output is JSON.
"""

from __future__ import annotations

import json
import signal
import sys
from importlib import import_module
from math import ceil

try:
    import resource
except ImportError:  # on Windows the parent's clock is the only limit
    resource = None  # type: ignore[assignment]


def main() -> None:
    """Answer the one request on the standard input."""
    request = json.loads(sys.stdin.buffer.readline())
    content = sys.stdin.buffer.read()
    _limit(request["memory"], request["seconds"])
    json.dump(import_module(request["reader"]).read(request, content), sys.stdout)
    sys.stdout.flush()


def _limit(memory: int, seconds: float) -> None:
    if resource is None:
        return
    for limited in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE):
        resource.setrlimit(limited, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    signal.setitimer(signal.ITIMER_PROF, seconds)  # whose signal ends the process, whatever it does
    resource.setrlimit(resource.RLIMIT_CPU, (ceil(seconds) + 1,) * 2)


if __name__ == "__main__":
    main()
