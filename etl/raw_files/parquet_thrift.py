"""Read structures of Thrift's compact protocol, in which the footer and the page headers of a Parquet file are written."""

from __future__ import annotations

from typing import Any, BinaryIO

MOST_NESTED, MOST_ITEMS = 16, 20_000_000
_STOP, _TRUE, _FALSE, _BYTE, _I64, _DOUBLE, _BINARY, _LIST, _SET, _STRUCT = 0, 1, 2, 3, 6, 7, 8, 9, 10, 12

Struct = dict[int, Any]
"""Values by the numbers of their fields."""


class ThriftError(ValueError):
    """The bytes are no structure of Thrift."""


class ThriftReader:
    """Reads structures of a file from where it stands."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._items = 0

    def struct(self, depth: int = 0) -> Struct:
        """Read a structure.

        Raises:
            ThriftError: it ends early, or is nested or long as none is.
        """
        if depth > MOST_NESTED:
            raise ThriftError("nested too deeply")
        found: Struct = {}
        number = 0
        while (head := self._byte()) != _STOP:
            number = number + (head >> 4) if head >> 4 else self._zigzag()
            found[number] = (head & 15) == _TRUE if head & 15 in (_TRUE, _FALSE) else self._value(head & 15, depth + 1)
        return found

    def _value(self, kind: int, depth: int) -> Any:
        self._items += 1
        if self._items > MOST_ITEMS:
            raise ThriftError("too long")
        if kind in (_TRUE, _FALSE, _BYTE):
            return self._byte()
        if _BYTE < kind <= _I64:
            return self._zigzag()
        if kind == _DOUBLE:
            return self._bytes(8)
        if kind == _BINARY:
            return self._bytes(self._number())
        if kind in (_LIST, _SET):
            head = self._byte()
            size = self._number() if head >> 4 == 15 else head >> 4
            return [self.struct(depth) if head & 15 == _STRUCT else self._value(head & 15, depth + 1) for _ in range(size)]
        if kind == _STRUCT:
            return self.struct(depth)
        raise ThriftError(f"type {kind}")

    def _byte(self) -> int:
        return self._bytes(1)[0]

    def _bytes(self, size: int) -> bytes:
        found = self._file.read(size) if size < MOST_ITEMS else b""
        if len(found) != size:
            raise ThriftError("cut off")
        return found

    def _number(self) -> int:
        number = shift = 0
        while shift < 70:
            byte = self._byte()
            number |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return number
        raise ThriftError("a number of too many bytes")

    def _zigzag(self) -> int:
        number = self._number()
        return (number >> 1) ^ -(number & 1)
