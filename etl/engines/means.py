"""Registers gone through by an engine: staged, asked, and told of as though polars had read them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import polars as pl

from etl.catalogue import RegisterEntry
from etl.engines.left import Shelf
from etl.engines.portable import refuse_unportable
from etl.engines.protocol import Engine
from etl.engines.questions import BY_DRIVER, Questions, accepted_keys
from etl.engines.staging import staged
from etl.errors import ProjectError, first_line
from etl.registers.counting import MOST_FINDINGS, Counted, asked_until_read, excused
from etl.registers.groups import group_verdict
from etl.registers.keys import KEY, NONE_REPEATED
from etl.registers.means import Kept, Leave, Left
from etl.registers.one_pass import HOLDS, ROWS, Test, Verdict, evaluable, tests
from etl.registers.places import Places
from etl.registers.progress import Say
from etl.registers.reading import Reading, nothing
from etl.registers.scan import FILE, ROW, Opened
from etl.registers.second_look import Accepted, BrokenRows
from etl.registers.sieve import Sieve, each_is_known, rows_by_file, sieve
from schemas.standing_registers import RECORD_IS_KNOWN_ONCE
from schemas.vocabulary import Column


@dataclass
class CountedOnEngine(Counted):
    """What was counted, and whom to ask for more."""

    questions: Questions | None = None

    def ask(self) -> Questions:
        """Give whom to ask."""
        assert self.questions is not None
        return self.questions


@dataclass(frozen=True)
class OnEngine:
    """Goes through registers on an engine.

    Attributes:
        engine: the engine.
        folder: where rows are staged, as the engine names it.
        say: told what is done.
        shelf: where kept records stay; None where they are loaded into the warehouse.
    """

    engine: Engine
    folder: str
    say: Say
    shelf: Shelf | None = None

    def refuse(self, entries: Iterable[RegisterEntry]) -> None:
        """See that every rule of these registers means the same on the engine.

        Raises:
            ProjectError: one does not.
        """
        for entry in entries:
            refuse_unportable(entry, self.engine.name, self.engine.differences)

    def count(
        self,
        entry: RegisterEntry,
        files: Sequence[Opened],
        accepted: Accepted,
        say: Say,
        tolerant: frozenset[str] = frozenset(),
    ) -> Counted | None:
        """Give what is counted of all rows; None where no file can be read.

        Raises:
            ProjectError: a rule is not portable, or the engine or polars fails, and not because of one of the files.
        """
        self.refuse([entry])

        def by_polars(found: CountedOnEngine) -> list[Opened]:
            return [file for number, file in enumerate(_read(files)) if number in found.ask().staged.by_driver]

        return asked_until_read(entry, files, tolerant, partial(self._asked, accepted=accepted), by_polars)

    def _asked(self, reading: Reading, accepted: Accepted) -> CountedOnEngine:
        with self._told_of(reading.entry):
            return self._counted(reading, accepted)

    def _counted(self, reading: Reading, accepted: Accepted) -> CountedOnEngine:
        rows = staged(self.engine, reading, f"{self.folder}/{reading.address}", self.say)
        every = tests(reading.entry.model, reading.names)
        unfit = evaluable(nothing(reading.entry), every)
        running = [test for test in every if all(test is not verdict.test for verdict in unfit)]
        questions = Questions(rows, tuple(running))
        self.say(f"asking {self.engine.name} about {reading.address}")
        counts = questions.counts()
        self.say(f"{reading.address}: {counts[ROWS]:,} rows staged; this machine read {counts[BY_DRIVER]:,} of them")
        verdicts = [
            Verdict(test, (failed := counts[name]), (none := counts[f"{name} null"]), counts[ROWS] - failed - none)
            for test, name in ((test, f"{HOLDS}{number}") for number, test in enumerate(running))
        ]
        broken = BrokenRows(reading, running, MOST_FINDINGS, accepted)
        for part in questions.broken(counts, accepted):
            broken.take(part)
        groups = [group_verdict(group, questions.group(group)) for group in reading.entry.model.__groups__]
        flow = questions.flow(rows.frame())
        found = [*unfit, *verdicts]
        return CountedOnEngine(reading, counts, found, flow, groups, broken.rows(), NONE_REPEATED, questions)

    def repeated(self, counted: Counted, where: Mapping[int, Places]) -> pl.DataFrame:
        """Give the rows whose key another row before has."""
        assert isinstance(counted, CountedOnEngine)
        with self._told_of(counted.reading.entry):
            return counted.ask().repeated()

    def unread(self, counted: Counted, column: Column) -> Iterable[str]:
        """Give what stands in the cells of a column that cannot be read."""
        assert isinstance(counted, CountedOnEngine)
        with self._told_of(counted.reading.entry):
            return counted.ask().unread(column)

    def sieve(self, counted: Counted, again: pl.DataFrame, accepted: Accepted, where: Mapping[int, Places]) -> Sieve:
        """Give which rows are kept, and how many."""
        assert isinstance(counted, CountedOnEngine)
        reading = counted.reading
        breached = [verdict for verdict in counted.verdicts if verdict.severity == "error" and verdict.failed]
        if each_is_known(breached, accepted):
            return sieve(counted, again, accepted, where)  # which then needs no row but those that are known
        rejecting = tuple(excused(verdict.test, accepted, reading) for verdict in breached)
        unwaived = again.filter(~pl.col(KEY).is_in(list(accepted_keys(accepted, RECORD_IS_KNOWN_ONCE.id))))
        by_file = rows_by_file(unwaived.select(FILE, ROW).iter_rows())
        kept = counted.rows
        if rejecting or unwaived.height:
            with self._told_of(reading.entry):
                kept = counted.ask().height(counted.ask().kept(rejecting, unwaived))
        return Sieve(reading, rejecting, by_file, counted.rows - kept, kept, fetched=self._rejected(counted, rejecting, unwaived))

    def _rejected(
        self, counted: CountedOnEngine, rejecting: Sequence[Test], again: pl.DataFrame
    ) -> Callable[[int], pl.LazyFrame]:
        """Give what gives the rejected rows of a file; the engine is asked for those of all files, once."""

        @cache
        def of_all_files() -> pl.DataFrame:
            with self._told_of(counted.reading.entry):
                return counted.ask().rejected(rejecting, again)

        return lambda number: of_all_files().lazy().filter(pl.col(FILE) == number).with_columns(pl.col(ROW).cast(pl.UInt32))

    def kept(self, counted: Counted, sieve: Sieve) -> Kept | None:
        """Give what counts the kept records."""
        return partial(self._kept, counted, sieve)

    def _kept(self, counted: Counted, sieve: Sieve) -> tuple[pl.DataFrame, pl.DataFrame]:
        assert isinstance(counted, CountedOnEngine)
        questions = counted.ask()
        with self._told_of(counted.reading.entry):
            frame = _kept_rows(questions, sieve)
            counts = questions.flow(frame) if sieve.rejected else counted.flow
            return counts, questions.lasted(frame)

    def leave(self, counted: Counted, sieve: Sieve) -> Leave | None:
        """Give what leaves the kept records with the engine, where there is a shelf for them."""
        return partial(self._leave, self.shelf, counted, sieve) if self.shelf else None

    def _leave(self, shelf: Shelf, counted: Counted, sieve: Sieve, rests_on: str) -> Left:
        assert isinstance(counted, CountedOnEngine)
        reading = counted.reading
        with self._told_of(reading.entry):
            records = _kept_rows(counted.ask(), sieve).select(*(column.name for column in reading.columns))
            return shelf.leave(reading.address, rests_on, records.to_native(), sieve.kept)

    @contextmanager
    def _told_of(self, entry: RegisterEntry) -> Iterator[None]:
        """Tell of what the engine raises in a line, and how to go on.

        Raises:
            ProjectError: the engine failed.
        """
        try:
            yield
        except self.engine.failures as error:
            reason = first_line(error)
            raise ProjectError(
                f"{entry.address} cannot be checked on {self.engine.name}: {type(error).__name__}: {reason} "
                "Nothing was published. Run the same command again: it stages anew, and removes what is left of this run."
            ) from error


def _kept_rows(questions: Questions, sieve: Sieve) -> Any:
    """Give the frame of the kept rows."""
    again = questions.repeated() if sieve.again else NONE_REPEATED
    rows = {(file, row) for file, of_file in sieve.again.items() for row in of_file}
    chosen = again.filter(pl.Series([each in rows for each in again.select(FILE, ROW).iter_rows()], dtype=pl.Boolean))
    return questions.kept(sieve.rejecting, chosen)


def _read(files: Sequence[Opened]) -> list[Opened]:
    return [file for file in files if file.scan is not None]
