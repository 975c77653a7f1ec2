"""Retain kept records with an engine, as Parquet, as long as a version names them.

Where records are written is noted beside the warehouse beforehand, so that what a dead run has written is found, on any file
system: it is reused if it is whole and rests on the same inputs, and removed if not.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import narwhals.stable.v1 as nw

from etl.engines.protocol import Engine
from etl.errors import ProjectError
from etl.files import replace_text
from etl.publishing.versions import versions
from etl.registers.partition import RetainedRecords
from etl.registers.progress import Say
from etl.warehouse.load_record import records_elsewhere
from schemas.texts import Text

NOTED = ".records-at-work"
"""The file beside the warehouse that lists, one a line, where records were written."""


@dataclass(frozen=True)
class RecordStore:
    """Folder of kept records, written by the load that holds the warehouse's lock.

    Attributes:
        engine: the engine.
        folder: its URI.
        warehouse: whose versions name the records.
        say: called with a line on what is done.
        in_use: URIs that this load will name.
    """

    engine: Engine
    folder: str
    warehouse: Path
    say: Say
    in_use: set[str] = field(default_factory=set)

    def retain(self, address: str, fingerprint: str, frame: Any, records: int) -> RetainedRecords:
        """Write the records of a register, unless there are some of the same fingerprint.

        Raises:
            ProjectError: there are not as many as there should be.
        """
        same = f"{self.folder}/{address}/{fingerprint[:16]}-"
        there = [uri for uri in self._noted() if uri.startswith(same) and self._height(uri) == records]
        uri = there[0] if there else f"{same}{uuid4().hex[:8]}"
        self.in_use.add(uri)
        self._remove_superseded()
        if not there:
            self.say(
                Text(f"writing {records:,} records of {address} to {uri}", f"正在将 {address} 的 {records:,} 条记录写入 {uri}")
            )
            self._note([*self._noted(), uri])
            self.engine.write(frame, uri)
        if self._height(uri) != records:
            raise ProjectError(
                f"{address}: {records} rows were to be left at {uri}, and others are there. Did a file change?",
                f"{address}：应有 {records} 行存于 {uri}，实际不符。文件是否有改动？请重新运行。",
            )
        self.say(
            Text(
                f"{address}: {records:,} records are left at {uri}; the warehouse has their months, and says where they are",
                f"{address}：{records:,} 条记录存于 {uri}；数据仓库收录其月度数据，并注明存放位置",
            )
        )
        return RetainedRecords(uri, records)

    def _remove_superseded(self) -> None:
        """Remove records that no version names, and this load will not."""
        named = {uri for each in versions(self.warehouse) for uri, _ in records_elsewhere(each).values()}
        for uri in self._noted():
            if uri not in named | self.in_use:
                with suppress(*self.engine.failures, OSError):
                    self.engine.remove(uri)
                if self._height(uri) is not None:
                    self.say(
                        Text(
                            f"{uri} holds records that no version of the warehouse names; remove it by hand",
                            f"{uri} 中的记录不属于数据仓库的任何版本；请手工删除",
                        )
                    )
                self._note([each for each in self._noted() if each != uri])

    def _height(self, uri: str) -> int | None:
        """Count the records at a URI; None if there is nothing that can be read."""
        failures: tuple[type[Exception], ...] = (*self.engine.failures, OSError)
        try:
            frame: Any = nw.from_native(self.engine.scan([uri]))
            return int(self.engine.fetch(frame.select(nw.len().alias("n")).to_native()).item())
        except failures:
            return None

    def _noted(self) -> list[str]:
        path = self.warehouse.with_name(NOTED)
        return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []

    def _note(self, uris: list[str]) -> None:
        replace_text(self.warehouse.with_name(NOTED), "".join(f"{uri}\n" for uri in uris))
