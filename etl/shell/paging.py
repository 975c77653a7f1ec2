"""A result on the screen: as it is where it fits, through a pager where it is longer or wider."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import IO

from etl.output.escape import visible

_LEFT_FOR_THE_PROMPT = 2


def show(result: IO[bytes], *, paged: bool) -> None:
    """Show a result to the person at the terminal; a control character that a cell holds is shown as its escape."""
    if paged and not _fits(result) and _through_a_pager(result):
        return
    for line in _lines(result):
        sys.stdout.buffer.write(f"{line}\n".encode())
    sys.stdout.flush()


def _lines(result: IO[bytes]) -> Iterator[str]:
    result.seek(0)
    for line in result:
        yield visible(line.decode(errors="replace").rstrip("\n"))


def _fits(result: IO[bytes]) -> bool:
    from prompt_toolkit.utils import get_cwidth

    columns, rows = shutil.get_terminal_size()
    first = list(islice(_lines(result), rows))
    return len(first) + _LEFT_FOR_THE_PROMPT <= rows and all(get_cwidth(line) <= columns for line in first)


def _through_a_pager(result: IO[bytes]) -> bool:
    """Show a result with $PAGER or `less`, which stays on the screen afterwards; give whether there is such a program."""
    command = shlex.split(os.environ.get("PAGER", "")) or ["less", "-SX"]
    known = {"LESSCHARSET": "utf-8"} | dict(os.environ)
    try:
        pager = subprocess.Popen(command, stdin=subprocess.PIPE, env=known)
    except OSError:
        return False
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt is the pager's while it is there
    try:
        assert pager.stdin
        with suppress(BrokenPipeError), pager.stdin:
            for line in _lines(result):
                pager.stdin.write(f"{line}\n".encode())
        pager.wait()
    finally:
        signal.signal(signal.SIGINT, before)
    return True
