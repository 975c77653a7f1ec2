"""The process of one command, which is short: memory is not searched for rubbish as often, and is not given back at the end."""

from __future__ import annotations

import gc
import os
import sys
from typing import NoReturn

_OBJECTS_BEFORE_A_COLLECTION = 100_000
"""Python's own 700 let it look over all that is imported again and again: a third of the time of an import."""


def expect_to_be_short() -> None:
    """Let the collector of rubbish come seldom."""
    gc.set_threshold(_OBJECTS_BEFORE_A_COLLECTION, 50, 100)


def end(code: int) -> NoReturn:
    """End the process at once, all that was written being handed over: tearing down the libraries takes 0.1 s."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        sys.exit(code)
    os._exit(code)
