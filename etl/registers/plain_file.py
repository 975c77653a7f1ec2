"""Read raw CSV files as bytes; inflate compressed ones to disk, up to a limit."""

from __future__ import annotations

import gzip
import io
import shutil
import sys
import tempfile
import weakref
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import cast

import numpy as np

from etl.errors import ProjectError, cannot_be_written
from etl.raw_files.page import RefusedFileError
from etl.registers.raw_files import RawFile
from schemas.texts import Text

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

BLOCK = 1 << 20
LONGEST_LINE = 1 << 20
"""In bytes. A longer line is no row, and is never held in memory whole."""

MOST_INFLATION, ALWAYS_INFLATED = 200, 100_000_000
"""A file may inflate to so many times its size, and to so many bytes in any case; registers inflate to 3 to 60 times."""


MARK = b"\xef\xbb\xbf"
"""What may stand before UTF-8."""


LOST = "\ufffd".encode()
"""What a program wrote that lost a character."""

_DAMAGED = (OSError, EOFError, zlib.error, zstd.ZstdError)


class ScratchFolder:
    """A folder that is removed once nothing refers to it, at the latest when the program ends."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="etl-register-"))
        weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)

    def write(self, name: str, blocks: Iterable[bytes]) -> Path:
        """Write a file into the folder.

        Raises:
            ProjectError: the disk is full.
        """
        path = self.path / name
        with path.open("wb") as file:
            for block in blocks:
                try:
                    file.write(block)
                    file.flush()
                except OSError as error:
                    raise ProjectError(cannot_be_written(path, error, self.path)) from error
        return path


def most_bytes(raw: RawFile) -> int:
    """Return the number of bytes that a compressed file may inflate to."""
    return max(ALWAYS_INFLATED, MOST_INFLATION * raw.size)


def inflated_blocks(raw: RawFile, most: int = BLOCK) -> Iterator[bytes]:
    """Yield a file in blocks, inflated where it is compressed.

    Raises:
        RefusedFileError: it is damaged, or inflates to more than a register would.
    """
    size, limit = 0, most_bytes(raw)
    try:
        with _opened(raw) as file:
            while block := file.read(most):
                size += len(block)
                if raw.is_compressed and size > limit:
                    en = f"{raw.size:,} bytes inflate to more than {limit:,}, as no register does; nothing of it is read"
                    raise RefusedFileError(Text(en, f"{raw.size:,} 字节解压后超过 {limit:,} 字节，不似登记数据，未予读取"))
                yield block
    except _DAMAGED as error:
        reason = getattr(error, "strerror", None) or " ".join(str(error).split())
        message = Text(f"cannot be read to its end: {reason}", f"文件无法读完：{reason}")
        raise RefusedFileError(message, _last_line(raw)) from error


def _last_line(raw: RawFile) -> int:
    """Return the last line that can be read of a damaged file."""
    lines = 0
    try:
        with _opened(raw) as file:
            while block := file.read1(1 << 16):
                lines += block.count(b"\n")
    except _DAMAGED:
        pass
    return max(1, lines)


def _opened(raw: RawFile) -> io.BufferedReader:
    if raw.path.name.endswith(".gz"):
        return cast("io.BufferedReader", gzip.open(raw.path, "rb"))
    return cast("io.BufferedReader", zstd.open(raw.path, "rb")) if raw.path.name.endswith(".zst") else raw.path.open("rb")


def is_plain(path: Path, title: str, width: int) -> bool:
    """Tell whether each line is a row without quotation marks, if polars finds none too long.

    Each look is one that a core takes many bytes at a time for, so that all of them take less time than the reading.

    Args:
        path: the file.
        title: the first title of its header, that no row begins with.
        width: number of cells of its header; of one alone, blank lines could not be told from rows.
    """
    lines = commas = 0
    rarest, again = b"", [title.encode() + end for end in (b",", b" ", b"\t", b"\n", b"\r")]
    for block, long_line in blocks_of_lines(path):
        rows = block if lines else block.partition(b"\n")[2]
        rarest = rarest or min((title.encode()[at : at + 1] for at in range(len(title.encode()))), key=rows.count, default=b"")
        # Only the last line of a block can be so long.
        is_long = long_line or len(block) - block.rfind(b"\n", 0, -1) > LONGEST_LINE + 1
        if is_long or b'"' in block or b"\0" in block or (b"\r" in block and block.count(b"\r") != block.count(b"\r\n")):
            return False
        if rarest in rows and title.encode() in rows and any(each in rows for each in again):
            return False
        if _has_pair(block, LOST[-2:]) and LOST in block:
            return False
        values = np.frombuffer(block, np.uint8)
        lines += int(np.count_nonzero(values == ord("\n"))) + (not block.endswith(b"\n"))
        commas += int(np.count_nonzero(values == ord(",")))
    return width > 1 and commas == (width - 1) * lines


def _has_pair(block: bytes, pair: bytes) -> bool:
    """Tell whether two bytes follow each other; to look for three, of which one is frequent, takes longer."""
    wanted = int.from_bytes(pair, sys.byteorder)
    return any(np.any(np.frombuffer(block, np.uint16, (len(block) - at) // 2, at) == wanted) for at in (0, 1) if len(block) > at)


def blocks_of_lines(path: Path) -> Iterator[tuple[bytes, int]]:
    """Yield whole lines in blocks, and the size of a line after them that is too long to be held in memory, else 0."""
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            block += file.readline(LONGEST_LINE)
            if block.endswith(b"\n") or not (more := file.readline(LONGEST_LINE)):
                yield block, 0
                continue
            end = block.rfind(b"\n") + 1
            size = len(block) - end + len(more)
            while not more.endswith(b"\n") and (more := file.readline(LONGEST_LINE)):
                size += len(more)
            yield block[:end], size
