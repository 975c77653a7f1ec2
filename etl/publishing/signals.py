"""Handle Ctrl-C and SIGTERM up to publication, and mask them during it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from etl.errors import StoppedError

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_received: list[int] = []


@contextmanager
def handle_signals() -> Iterator[None]:
    """Stop the body of the `with` statement tidily as soon as a signal arrives.

    Raises:
        StoppedError: one has arrived; its exit code is 130 for Ctrl-C and 143 for SIGTERM, as in shells.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _received.clear()
    before = {each: signal.signal(each, _stop) for each in _SIGNALS}
    try:
        yield
        refuse_if_received()
    except BaseException as error:
        # polars and duckdb check for signals while they work, and raise errors of their own.
        if _received:
            raise StoppedError(_received[0]) from error
        raise
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
        _received.clear()


def refuse_if_received() -> None:
    """Stop if a signal has arrived, even if the library that saw it went on.

    Raises:
        KeyboardInterrupt: one has arrived.
    """
    if _received:
        raise KeyboardInterrupt


@contextmanager
def mask_signals() -> Iterator[None]:
    """Mask signals, so that the body of the `with` statement runs to its end.

    Raises:
        KeyboardInterrupt: a signal arrived before.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    is_done = False
    before = {each: signal.signal(each, signal.SIG_IGN) for each in _SIGNALS}
    try:
        refuse_if_received()
        yield
        is_done = True
    finally:
        # Within `handle_signals`, a later signal must not end the command as if nothing had been done.
        if not (is_done and before[signal.SIGINT] is _stop):
            for each, handler in before.items():
                signal.signal(each, handler)


def _stop(number: int, frame: FrameType | None) -> None:
    _received.append(number)
    raise KeyboardInterrupt
