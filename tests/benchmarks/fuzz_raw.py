"""Mutated raw files by the million: `python tests/benchmarks/fuzz_raw.py --files 1000000`, `--workbooks 20000`, `--others 20000`.

Every file is read by the package and judged by other readers (raw_mutations.py and workbook_mutations.py in tests/fixtures/).
A seed that fails is printed, and makes the same file again: `--first SEED --files 1`. Exit code 1 where one failed.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "fixtures"))

from raw_mutations import misread_csv, mutated_csv
from workbook_mutations import misread_xlsx, mutated_other, mutated_xlsx, unread_other

AT_ONCE, SECONDS, MEMORY = 500, 5, 3 * 2**30


def csv_of(seed: int) -> str:
    """Return what is wrong with the reading of the CSV file of a seed."""
    return misread_csv(*mutated_csv(random.Random(seed)))


def workbook_of(seed: int) -> str:
    """Return what is wrong with the reading of the workbook of a seed."""
    return misread_xlsx(mutated_xlsx(random.Random(seed)))


def other_of(seed: int) -> str:
    """Return what is wrong with the reading of the XLS or ODS workbook of a seed."""
    return unread_other(*mutated_other(random.Random(seed)))


def some(judge: Callable[[int], str], first: int, number: int, out: int) -> None:
    """Judge some files, and write a line for each that fails; a file may take five seconds."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for seed in range(first, first + number):
        os.write(out, f"at {seed}\n".encode())
        signal.alarm(SECONDS)
        try:
            found = judge(seed)
        except Exception as error:
            found = f"{type(error).__name__}: {error}"
        signal.alarm(0)
        if found:
            os.write(out, f"bad {seed} {found}\n".encode())


def in_children(judge: Callable[[int], str], name: str, first: int, number: int) -> tuple[int, int]:
    """Return how many files were misread, and how many ended their reader, a child process for each."""
    failed = ended = 0
    seed, last, started = first, first + number, time.monotonic()
    while seed < last:
        here, there = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(here)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # panics are loud
            some(judge, seed, min(AT_ONCE, last - seed), there)
            os._exit(0)
        os.close(there)
        at = seed
        with os.fdopen(here) as lines:
            for line in lines:
                word, _, rest = line.partition(" ")
                at = int(rest.split()[0])
                if word == "bad":
                    failed += 1
                    print(f"{name} {rest.strip()}", flush=True)
        _, status = os.waitpid(child, 0)
        seed = min(seed + AT_ONCE, last)
        if status:
            ended, seed = ended + 1, at + 1
            print(f"{name} {at} ended its reader (status {status})", flush=True)
    seconds = time.monotonic() - started
    print(f"{number} {name} files: {failed} misread, {ended} ended their reader; {seconds:.0f} s", flush=True)
    return failed, ended


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=0, help="Number of CSV files.")
    parser.add_argument("--workbooks", type=int, default=0, help="Number of workbooks.")
    parser.add_argument("--first", type=int, default=0, help="First seed.")
    parser.add_argument("--others", type=int, default=0, help="Number of XLS and ODS workbooks, which have no judge.")
    asked = parser.parse_args()
    failed, ended = in_children(csv_of, "csv", asked.first, asked.files) if asked.files else (0, 0)
    misread, _ = in_children(workbook_of, "xlsx", asked.first, asked.workbooks) if asked.workbooks else (0, 0)
    unread, _ = in_children(other_of, "xls and ods", asked.first, asked.others) if asked.others else (0, 0)
    return int(bool(failed or ended or misread or unread))


if __name__ == "__main__":
    sys.exit(main())
