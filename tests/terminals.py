"""A program in a real pseudo terminal, whose screen can be read and on whose keyboard can be typed."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyte

TAB, ENTER, UP, CTRL_C, CTRL_D, CTRL_L = "\t", "\r", "\x1b[A", "\x03", "\x04", "\x0c"
# The program becomes the leader of a session whose terminal this is, so that Ctrl-C reaches it.
_IN_A_SESSION = "import os, sys; os.login_tty(0); os.execvpe(sys.argv[1], sys.argv[1:], os.environ)"
_PATIENCE = 60.0


class _Screen(pyte.Screen):
    """A screen that answers when the program asks where the cursor is."""

    keyboard = -1

    def write_process_input(self, data: str) -> None:
        os.write(self.keyboard, data.encode())


class Terminal:
    """A terminal of some columns and rows in which a program runs."""

    def __init__(self, process: subprocess.Popen[bytes], keyboard: int, columns: int, rows: int) -> None:
        self._process, self._keyboard = process, keyboard
        self.screen = _Screen(columns, rows)
        self.screen.keyboard = keyboard
        self._stream = pyte.ByteStream(self.screen)

    @property
    def lines(self) -> list[str]:
        """The lines of the screen as a person reads them, without the empty ones at the end."""
        return "\n".join(line.rstrip() for line in self.screen.display).rstrip().split("\n")

    def columns_of(self, character: str, row: int) -> list[int]:
        """Give the columns of a row in which a character stands."""
        return [column for column in range(self.screen.columns) if self.screen.buffer[row][column].data == character]

    def type(self, keys: str) -> None:
        """Type keys."""
        os.write(self._keyboard, keys.encode())

    def until(self, seen: str | Callable[[list[str]], bool], patience: float = _PATIENCE) -> list[str]:
        """Wait until a text, or what a function looks for, is on the screen; give its lines."""
        end = time.monotonic() + patience
        while not (seen in "\n".join(self.lines) if isinstance(seen, str) else seen(self.lines)):
            came = self._read(max(end - time.monotonic(), 0))
            assert came, f"not seen: {seen}\n" + "\n".join(self.lines)
        return self.lines

    def ended(self, patience: float = _PATIENCE) -> int:
        """Wait until the program ends; give its exit code."""
        end = time.monotonic() + patience
        while self._read(max(end - time.monotonic(), 0)):
            pass
        return self._process.wait(max(end - time.monotonic(), 0.1))

    def _read(self, seconds: float) -> bool:
        """Take what the program writes next onto the screen; give whether there may come more."""
        if not select.select([self._keyboard], [], [], seconds)[0]:
            return False
        try:
            written = os.read(self._keyboard, 1 << 16)
        except OSError:  # the last program that had the terminal open has ended
            return False
        self._stream.feed(written)
        return bool(written)


@contextmanager
def terminal(
    command: Sequence[str | Path], environment: Mapping[str, str], folder: Path, columns: int = 80, rows: int = 24
) -> Iterator[Terminal]:
    """Give a terminal in which a command runs; what still runs at the end is ended."""
    keyboard, screen = pty.openpty()
    fcntl.ioctl(screen, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-c", _IN_A_SESSION, *map(str, command)],
        stdin=screen,
        stdout=screen,
        stderr=screen,
        cwd=folder,
        env={**environment, "TERM": "xterm-256color"},
    )
    os.close(screen)
    try:
        yield Terminal(process, keyboard, columns, rows)
    finally:
        process.kill()
        process.wait()
        os.close(keyboard)
