"""Time and memory of a process of its own, and what stands on the machine while it runs."""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import statistics
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

LOOKS_PER_SECOND = 20


@dataclass(frozen=True)
class Measured:
    """What a process did.

    Attributes:
        seconds: from its start to its end.
        work: seconds that it kept cores busy, which other work on the machine changes least.
        peak: the most memory that it, or a process that it waited for, held at once, in bytes.
        out: what it wrote.
        said: the lines that it wrote beside, such as how far it was.
        error: why it did not end well; empty where it did.
    """

    seconds: float
    work: float
    peak: int
    out: str
    said: Sequence[str]
    error: str


def measure(
    command: Sequence[str],
    *,
    environment: Mapping[str, str] | None = None,
    most_seconds: float = 600,
    most_bytes: int | None = None,
) -> Measured:
    """Run a command to its end, or until it takes more time or memory than it may."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=err, env={**os.environ, **(environment or {})})
        stopped = ""
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if time.perf_counter() - started > most_seconds:
                stopped = f"stopped after {most_seconds:.0f} s"
            elif most_bytes is not None and resident(process.pid) > most_bytes:
                stopped = f"stopped at {most_bytes / 1e9:.1f} GB of memory"
            if stopped:
                process.send_signal(signal.SIGKILL)
            time.sleep(1 / LOOKS_PER_SECOND if time.perf_counter() - started > 1 else 0.001)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        written = out.read().decode("utf-8", "replace")
        said = err.read().decode("utf-8", "replace").strip().splitlines() or [f"exit code {process.returncode}"]
        error = stopped or (said[-1] if process.returncode else "")
        return Measured(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, written, said, error)


def resident(pid: int) -> int:
    """Return the memory that a process holds, in bytes; 0 where the system does not tell."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0


def available() -> int | None:
    """Return the memory that a process could take now, in bytes; None where the system does not tell."""
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable")), None)


def read_through(path: Path) -> None:
    """Read a file once, so that each contender finds it in memory."""
    with path.open("rb", buffering=0) as file:
        while file.read(1 << 24):
            pass


def arguments(description: str | None, folder: Path, repetitions: int = 3) -> argparse.ArgumentParser:
    """Declare the options that all benchmarks have: how often to measure, and the folder of the results."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repetitions", type=int, default=repetitions)
    parser.add_argument("--folder", type=Path, default=folder, help="for files, environments and results")
    return parser


def circumstances() -> dict[str, object]:
    """Return when and on what machine something is measured."""
    return {"measured_at": datetime.now(UTC).isoformat(timespec="seconds"), "machine": machine()}


def append_results(path: Path, *results: Mapping[str, object]) -> None:
    """Append results to a file of JSON lines, which shows their trend."""
    with path.open("a", encoding="utf-8") as trend:
        trend.writelines(json.dumps(each, ensure_ascii=False) + "\n" for each in results)


def machine() -> dict[str, object]:
    """Return what the numbers depend on."""
    model = platform.processor() or platform.machine()
    if Path("/proc/cpuinfo").is_file():
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), model)
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "system": platform.system(),
        "python": platform.python_version(),
        "load": os.getloadavg()[0],
    }


def disturbance() -> str:
    """Return a warning where the machine had other work; empty where it had none to speak of."""
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    return f"the machine had other work (load {load:.1f} on {cores} cores): compare ratios only" if load > cores + 1 else ""


def median(numbers: Sequence[float]) -> float:
    """Return the median."""
    return statistics.median(numbers)
