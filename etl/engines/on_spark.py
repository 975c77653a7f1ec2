"""Use Spark as an engine: on a cluster, through Spark Connect, or on this machine."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import reduce
from pathlib import Path
from typing import Any

import polars as pl

from etl.engines.protocol import Differences
from etl.engines.spark_parse import frame_of, parse_lines, parse_parquet
from etl.engines.staging import local_path
from etl.errors import ProjectError, first_line
from etl.registers.progress import Say
from etl.registers.reader import RegisterReader
from etl.registers.scan import Scan
from schemas.texts import Text

DIFFERENCES = Differences(ends_at_line_break=True, sums_flags=False)
_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.caseSensitive": "true",
    "spark.ui.showConsoleProgress": "false",
}
_HERE = {"spark.ui.enabled": "false", "spark.log.level": "ERROR", "spark.driver.host": "localhost"}
_GLOB = set("*?[]{}\\%+")


def spark_engine(name: str, memory_limit: str, say: Say) -> SparkEngine:
    """Connect to Spark at `local[2]`, `spark://HOST:7077`, `sc://HOST:15002` or such.

    Raises:
        ProjectError: it is not installed, or not there.
    """
    is_remote = name.startswith("sc://")
    extra = "connect" if is_remote else "spark"
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise ProjectError(
            f"--engine {name} needs Spark's package: install ip-bulletin-etl[{extra}]. "
            "The extras spark and connect both bring a package called pyspark; never install both in one environment.",
            f"--engine {name} 需要 Spark 的软件包：请安装 ip-bulletin-etl[{extra}]。"
            "spark 与 connect 两个附加项都含名为 pyspark 的软件包，不要装在同一环境中。",
        ) from error
    say(Text(f"reaching Spark at {name}", f"正在连接 {name} 的 Spark"))
    builder: Any = SparkSession.builder.appName("ip-bulletin-etl")
    settings = _SETTINGS | (_HERE if name.startswith("local") else {})
    if memory_limit and not is_remote:
        settings |= {"spark.driver.memory": f"{max(512, _megabytes(memory_limit))}m"}
    for key, value in settings.items():
        if not is_remote or key.startswith("spark.sql."):
            builder = builder.config(key, value)
    failures: tuple[type[Exception], ...] = (*_failures(), ImportError, RuntimeError, OSError)
    try:
        session = (builder.remote(name) if is_remote else builder.master(name)).getOrCreate()
        session.range(1).count()
    except failures as error:
        raise ProjectError(_unreachable(name, extra, error)) from error
    return SparkEngine(name, session, is_remote=is_remote)


def _megabytes(limit: str) -> int:
    from etl.sizes import bytes_of

    return round(bytes_of(limit) / 1e6)


def _unreachable(name: str, extra: str, error: Exception) -> Text:
    reason = first_line(error)
    if "JAVA_GATEWAY" in reason or "Java" in reason:
        return Text(
            f"Spark does not start: {reason} It needs Java 17 or later; on Debian: apt-get install openjdk-17-jre-headless.",
            f"Spark 无法启动：{reason} 需要 Java 17 以上版本；Debian 可用 apt-get install openjdk-17-jre-headless 安装。",
        )
    if isinstance(error, ImportError) or "NOT_IMPLEMENTED" in reason or "master" in reason:
        return Text(
            f"--engine {name} needs ip-bulletin-etl[{extra}] in an environment of its own: {reason}",
            f"--engine {name} 需要在单独的环境中安装 ip-bulletin-etl[{extra}]：{reason}",
        )
    return Text(
        f"Spark at {name} cannot be reached: {reason} Is it running, and does this machine reach it? Nothing was published.",
        f"无法连接 {name} 的 Spark：{reason} 请确认它正在运行且本机可以连接。未发布任何内容。",
    )


def _failures() -> tuple[type[Exception], ...]:
    """List the exceptions of Spark, of its bridge to Java, and of its connection."""
    from pyspark.errors import PySparkException

    found: list[type[Exception]] = [PySparkException]
    with suppress(ImportError):
        from py4j.protocol import Py4JError

        found.append(Py4JError)
    with suppress(ImportError):
        from grpc import RpcError

        found.append(RpcError)
    return tuple(found)


class SparkEngine:
    """Session of Spark."""

    differences = DIFFERENCES
    keeps_records = True

    def __init__(self, name: str, session: Any, *, is_remote: bool) -> None:
        self.name = name
        self.failures = _failures()
        self.needs_shared_work = not name.startswith("local") and "localhost" not in name and "127.0.0.1" not in name
        self._session = session
        self._is_remote = is_remote

    def scan(self, uris: Sequence[str]) -> Any:
        """Scan staged Parquet as one data frame."""
        return self._session.read.option("recursiveFileLookup", "true").parquet(*map(_address, uris))

    def parse(self, files: Mapping[int, Scan], reader: RegisterReader) -> tuple[Any, list[int]]:
        """Parse CSV and Parquet files; leave out what Spark may read differently."""
        frames: list[Any] = []
        left: list[int] = []
        by_header: dict[tuple[str, tuple[str, ...]], dict[int, Scan]] = {}
        for number, scan in files.items():
            raw = scan.raw
            if _GLOB & set(str(raw.path)) or raw.path.name.startswith("_") or raw.path.name.endswith(".zst"):
                left.append(number)
            elif raw.is_parquet:
                frame = parse_parquet(self._session, number, scan, reader)
                left += [number] if frame is None else []
                frames += [frame] if frame is not None else []
            else:
                by_header.setdefault((_first_line(raw.path), scan.names), {})[number] = scan
        for (header, _), alike in by_header.items():
            frames.append(parse_lines(self._session, alike, header, reader))
        if not frames:
            return None, left
        return reduce(lambda one, other: one.unionByName(other), frames), left

    def write(self, frame: Any, uri: str) -> None:
        """Write a data frame as Parquet files, each put in place when its task succeeds."""
        frame.write.mode("overwrite").parquet(_address(uri))

    def remove(self, uri: str) -> None:
        """Remove a folder of this machine, or elsewhere but through Spark Connect."""
        folder = local_path(uri)
        if folder is not None:
            shutil.rmtree(folder)
        if folder is not None or self._is_remote:
            return
        jvm = self._session._jvm
        path = jvm.org.apache.hadoop.fs.Path(uri)
        path.getFileSystem(self._session._jsc.hadoopConfiguration()).delete(path, True)

    def with_days(self, frame: Any, since: str, until: str, name: str) -> Any:
        """Add the number of days between two days."""
        from pyspark.sql import functions as f

        return frame.withColumn(name, f.datediff(f.col(until), f.col(since)).cast("bigint"))

    def frame_of(self, rows: pl.DataFrame) -> Any:
        """Turn rows into a data frame."""
        return frame_of(self._session, rows)

    def fetch(self, frame: Any) -> pl.DataFrame:
        """Compute a data frame."""
        found = pl.from_arrow(frame.toArrow())
        assert isinstance(found, pl.DataFrame)
        return found

    def close(self) -> None:
        """End the session."""
        self._session.stop()


def _address(uri: str) -> str:
    """Write a URI so that Spark takes it, whatever its default file system is."""
    path = local_path(uri)
    return f"file://{Path(path).absolute()}" if path is not None else uri


def _first_line(path: Path) -> str:
    """Read the first line of a CSV file, as Spark will: without a byte order mark."""
    import gzip

    with gzip.open(path, "rb") if path.name.endswith(".gz") else path.open("rb") as lines:
        return lines.readline().decode("utf-8-sig", "replace").removesuffix("\n").removesuffix("\r")
