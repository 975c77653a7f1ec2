"""Engine interface: scan registers by polars, or alike by another engine."""

from __future__ import annotations

from typing import Protocol

from etl.registers.failure_samples import WaivedKeys
from etl.registers.progress import Say
from etl.registers.reader import RegisterReader
from etl.registers.scan_checks import ScanResult, scan_register


class RegisterEngine(Protocol):
    """Scans registers. Only counts, some rows and the measures of groups leave it."""

    @property
    def reads_by_polars(self) -> bool:
        """Whether polars reads all raw files, so that these are looked through before a scan."""

    def scan(self, reader: RegisterReader, waived: WaivedKeys, say: Say) -> ScanResult:
        """Scan a register; `waived` are the keys of rows that may break a rule."""


class PolarsEngine:
    """Scans registers with polars, which streams the raw files for each query."""

    reads_by_polars = True

    def scan(self, reader: RegisterReader, waived: WaivedKeys, say: Say) -> ScanResult:
        """Scan all files once."""
        return scan_register(reader, waived, say)
