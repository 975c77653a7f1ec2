"""Hold the footer of a Parquet file to its pages: readers believe the footer, and rows that it does not name would be lost."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import pairwise
from typing import BinaryIO, NamedTuple

from etl.raw_files.parquet_thrift import Struct, ThriftError, ThriftReader

_MAGIC = b"PAR1"
_REPEATED = 2
# Numbers of fields in parquet.thrift (github.com/apache/parquet-format).
_SCHEMA, _ROWS, _GROUPS = 2, 3, 4
_REPETITION, _NAME, _CHILDREN = 3, 4, 5
_CHUNKS, _ROWS_OF_GROUP, _CHUNK = 1, 3, 3
_PATH, _VALUES, _UNCOMPRESSED, _COMPRESSED, _FIRST_PAGE, _DICTIONARY = 3, 5, 6, 7, 9, 11
_SIZE, _SIZE_IN_FILE = 2, 3
_DATA_HEADERS, _DICTIONARY_HEADER = (5, 8), 7


class DisagreementError(ThriftError):
    """The footer says one thing, and the pages another."""


class _Chunk(NamedTuple):
    """A column of a row group: where its pages begin and end, how many values they hold, and the bytes that they unfold to."""

    begin: int
    end: int
    values: int
    size: int


def disagreement(file: BinaryIO) -> str:
    """Say in what the footer of a file contradicts its pages; empty where it does not, or is not Parquet.

    Raises:
        OSError: the file cannot be read.
    """
    try:
        length = file.seek(0, 2)
        file.seek(max(0, length - 8))
        tail = file.read()
        begin = length - 8 - struct.unpack("<I", tail[:4])[0] if len(tail) == 8 and tail[4:] == _MAGIC else 0
        if begin < len(_MAGIC):
            return ""  # which every reader refuses
        file.seek(begin)
        footer = ThriftReader(file).struct()
        chunks = [*_chunks(footer)]
        _refuse_overlaps(chunks, begin)
        for chunk in chunks:
            _refuse_other_pages(file, chunk)
        begins = {each.begin for each in chunks}
        for at in {len(_MAGIC), *(each.end for each in chunks)} - begins:
            _refuse_pages_at(file, at, begin, begins)
    except (ThriftError, KeyError, TypeError, AttributeError, IndexError) as error:
        return str(error) if type(error) is DisagreementError else "its footer or a page cannot be read"
    return ""


def _chunks(footer: Struct) -> Iterator[_Chunk]:
    is_flat = all(each.get(_REPETITION) != _REPEATED for each in footer[_SCHEMA])
    leaves = [each[_NAME] for each in footer[_SCHEMA][1:] if not each.get(_CHILDREN)]
    if footer[_ROWS] != (rows := sum(group[_ROWS_OF_GROUP] for group in footer[_GROUPS])):
        raise DisagreementError(f"its footer names {footer[_ROWS]:,} rows, and its row groups have {rows:,}")
    for group in footer[_GROUPS]:
        if [each[_CHUNK][_PATH][-1] for each in group[_CHUNKS]] != leaves:
            raise DisagreementError("a row group has other columns than its schema")
        for each in group[_CHUNKS]:
            about = each[_CHUNK]
            values, first, dictionary = about[_VALUES], about[_FIRST_PAGE], about.get(_DICTIONARY) or 0
            begin = dictionary or first
            if min(dictionary, first) < 0 or dictionary > first > 0:
                raise DisagreementError("a column begins where none can")
            if min(group[_ROWS_OF_GROUP], values, about[_COMPRESSED], about[_UNCOMPRESSED]) < 0:
                raise DisagreementError("its metadata has sizes below zero")
            if is_flat and values != group[_ROWS_OF_GROUP]:
                raise DisagreementError(f"a column has {values:,} values in a row group of {group[_ROWS_OF_GROUP]:,} rows")
            if values or about[_COMPRESSED]:
                yield _Chunk(begin, begin + about[_COMPRESSED], values, about[_UNCOMPRESSED])


def _refuse_overlaps(chunks: list[_Chunk], end: int) -> None:
    if any(each.begin < len(_MAGIC) or each.end > end for each in chunks):
        raise DisagreementError("a column lies beyond the pages of the file")
    if any(one.end > other.begin for one, other in pairwise(sorted(chunks))):
        raise DisagreementError("two columns stand at the same place")


def _refuse_other_pages(file: BinaryIO, chunk: _Chunk) -> None:
    at, values, size = chunk.begin, 0, 0
    while at < chunk.end:
        header, at = _page(file, at)
        values += sum(header[each][1] for each in _DATA_HEADERS if each in header)
        size += header[_SIZE]
    if at != chunk.end:
        raise DisagreementError("a page goes beyond its column")
    if values != chunk.values:
        raise DisagreementError(f"its footer names {chunk.values:,} values of a column, and its pages have {values:,}")
    if size > chunk.size:
        raise DisagreementError(f"a column unfolds to {size:,} bytes, and its footer names {chunk.size:,}")


def _page(file: BinaryIO, at: int) -> tuple[Struct, int]:
    """Read the header of a page; return it, and where the next page stands."""
    file.seek(at)
    header = ThriftReader(file).struct()
    if header[_SIZE_IN_FILE] < 0 or header[_SIZE] < 0 or not {*_DATA_HEADERS, _DICTIONARY_HEADER} & header.keys():
        raise ThriftError("no page")
    return header, file.tell() + int(header[_SIZE_IN_FILE])


def _refuse_pages_at(file: BinaryIO, at: int, end: int, columns: set[int]) -> None:
    """Refuse a page that stands where no column is; indexes, filters and copies of metadata may stand there."""
    file.seek(at)
    try:
        if isinstance(ThriftReader(file).struct().get(_PATH), list):  # polars writes the metadata of a column after it
            at = file.tell()
        _, after = _page(file, at)
    except (ThriftError, KeyError, TypeError):
        return
    if after <= end and at not in columns:
        raise DisagreementError("it has pages that its footer does not name")
