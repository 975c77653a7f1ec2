"""Engine interface: how the rows of a register are scanned, by polars or by another engine with the same results."""

from __future__ import annotations

from typing import Protocol

from etl.registers.failure_samples import Accepted
from etl.registers.progress import Say
from etl.registers.reader import RegisterReader
from etl.registers.scan_checks import ScanResult, scan_register


class RegisterEngine(Protocol):
    """Scans registers. Only counts, some rows and the measures of groups leave it."""

    def scan(self, reader: RegisterReader, accepted: Accepted, say: Say) -> ScanResult:
        """Scan a register as it is read; `accepted` are the keys of rows that may break a rule."""


class PolarsEngine:
    """The default: polars reads the raw files as a stream, each time that something is asked of them."""

    def scan(self, reader: RegisterReader, accepted: Accepted, say: Say) -> ScanResult:
        """Scan all files once."""
        return scan_register(reader, accepted, say)
