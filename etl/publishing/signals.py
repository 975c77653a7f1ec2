"""Ctrl-C and SIGTERM: heeded up to the moment of publishing, and from then on without effect."""

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
def heeded() -> Iterator[None]:
    """Stop what is done within as soon as a signal comes, tidily.

    Raises:
        StoppedError: one came; it ends with 130 for Ctrl-C and 143 for SIGTERM, as shells count.
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
        # polars and duckdb look for signals while they work, and tell of one in errors of their own.
        if _received:
            raise StoppedError(_received[0]) from error
        raise
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
        _received.clear()


def refuse_if_received() -> None:
    """Stop if a signal has come, though whoever noticed it went on.

    Raises:
        KeyboardInterrupt: one has.
    """
    if _received:
        raise KeyboardInterrupt


@contextmanager
def ignored() -> Iterator[None]:
    """Let no signal come between: what is done within is done to its end, and if it is done it stays so.

    Raises:
        KeyboardInterrupt: a signal came before.
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
        # Within `heeded`, a signal that comes later must not make the command end as if nothing had been done.
        if not (is_done and before[signal.SIGINT] is _stop):
            for each, handler in before.items():
                signal.signal(each, handler)


def _stop(number: int, frame: FrameType | None) -> None:
    _received.append(number)
    raise KeyboardInterrupt
