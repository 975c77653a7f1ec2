"""The front door in Python: `import etl`, then `etl.Project(path).check()`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from etl.check_result import CheckResult
from etl.errors import ProjectError, UnknownNameError
from etl.gate.check import Checked, check
from etl.gate.git_diff import changed_files
from etl.gate.named import Named, named_parts, needed_registers, needed_tables
from etl.gate.scope import Scope, narrow, refuse_unknown
from etl.project import Project as ProjectFolder
from etl.project_extensions import refuse_exit, silent
from etl.registers.memory import limit_memory
from schemas.texts import Text

if TYPE_CHECKING:
    import polars as pl

    from etl.catalogue import Catalogue, RegisterEntry
    from etl.registers.engine import RegisterEngine
    from etl.warehouse.load_record import LoadRecord
    from etl.warehouse.query import Connection
    from schemas.models import Severity
    from schemas.texts import Language


@dataclass(frozen=True, eq=False)
class RunResult(CheckResult):
    """Result of a run.

    Attributes:
        published: whether it published the warehouse.
        unchanged_since: the load that made what it would have published again; empty for none.
    """

    published: bool = False
    unchanged_since: str = ""


class Project:
    """A project: a folder with `raw/`, and what it declares itself.

    Every method reads `raw/` as it is when it is called. Several projects can be open in one process.
    """

    def __init__(self, path: str | Path = ".", *, say: Callable[[str], None] | None = None, language: Language = "en") -> None:
        """Open the project in a folder.

        Args:
            path: the folder.
            say: called with a line of progress, and before code of the project runs; None for none.
            language: of these lines.

        Raises:
            ProjectError: there is no folder `raw/` in it.
        """
        told = silent if say is None else lambda text: say(text.in_language(language))
        self.folder = ProjectFolder(Path(path).resolve(), told)

    @classmethod
    def of(cls, folder: ProjectFolder) -> Project:
        """Return the project in a folder that is open already."""
        project = cls.__new__(cls)
        project.folder = folder
        return project

    def __repr__(self) -> str:
        return f"Project({str(self.folder.root)!r})"

    @property
    def catalogue(self) -> Catalogue:
        """Tables, columns, rules and code lists of the package and the project."""
        return self.folder.catalogue

    def check(
        self,
        *names: str,
        domain: str = "",
        select: tuple[str, ...] = (),
        ignore: tuple[str, ...] = (),
        changed_since: str = "",
        fail_on: Severity | None = "error",
        strict: bool = False,
        engine: str = "polars",
        work: str = "",
        memory_limit: str = "",
    ) -> CheckResult:
        """Check `raw/`; write nothing.

        Args:
            names: only what these paths, addresses or domains name; none for all of it. Other tables are read where rules ask
                for them.
            domain: as if it were one of the names.
            select: only these rules: names, or patterns such as `growth-*`.
            ignore: not these rules.
            changed_since: only tables whose files changed in git since this revision.
            fail_on: the mildest severity that shuts the gate; None for none.
            strict: whether one row that cannot be read makes its whole file refused.
            engine: `polars`, `duckdb`, or the address of a Spark cluster, which scans registers.
            work: where an engine stages rows; empty for beside the warehouse.
            memory_limit: memory that a scan may use, such as `2GB`; empty for the default.

        Raises:
            UnknownNameError: there is no such domain or rule.
            ProjectError: a name is none, or a file that is no table of figures, such as `sources.csv`, cannot be read.
        """
        scope = Scope(domain, select, ignore, changed_since, names)
        refuse_unknown(scope, self.catalogue)
        named = named_parts(self.folder, scope.parts) if scope.parts else None
        changed = changed_files(self.folder.root, changed_since) if changed_since else None
        limit_memory(memory_limit)
        with self._engine(engine, work, memory_limit) as opened, refuse_exit():
            whole = self._checked(needed_registers(self.folder, named), named, strict=strict, engine=opened)
        return CheckResult(self.folder, narrow(whole, scope, self.catalogue, changed, named), scope, fail_on)

    def run(
        self,
        *,
        fail_on: Severity | None = "error",
        strict: bool = False,
        force: bool = False,
        engine: str = "polars",
        work: str = "",
        memory_limit: str = "",
        tell: Callable[[Checked, int], None] = lambda checked, exit_code: None,
        seen: LoadRecord | None = None,
    ) -> RunResult:
        """Check `raw/`, and publish the warehouse if the gate is open.

        Args:
            fail_on: the mildest severity that keeps the warehouse as it is; None publishes what can be published.
            strict: as for `check`.
            force: whether to read and publish everything, though nothing has changed.
            engine: as for `check`.
            work: as for `check`.
            memory_limit: memory that a scan, and DuckDB, may use.
            tell: called with the check and its exit code before anything is published.
            seen: the record of the load in force as it was read just before, if it was.

        Raises:
            BusyError: another load is at work.
            HeldError: just this was rolled back.
            WriteError: the warehouse cannot be written.
            DurabilityError: it is published, but a power cut might undo that.
        """
        from etl.run import run  # with DuckDB, which a check does not need

        with self._engine(engine, work, memory_limit) as opened, refuse_exit():
            say = self.folder.say
            ran = run(self.folder, fail_on, say, memory_limit, tell, strict=strict, force=force, engine=opened, seen=seen)
        return RunResult(self.folder, ran.checked, Scope(), fail_on, ran.published, ran.unchanged_since)

    def table(self, address: str) -> pl.DataFrame:
        """Return a raw table with values.

        Returns:
            One row for each row of `raw/`: codes and periods as text; each figure `x` in its base unit, with its bounds
            `x_low` and `x_high` (null: open) and its marks `x_mark` (null: none); source and section.

        Raises:
            UnknownNameError: there is no such table.
        """
        import polars as pl

        from schemas.constraints import HIGH, LOW
        from schemas.models import columns
        from schemas.validation import MARK

        checked = self._checked_table(address)
        frame = checked.tables[address].frame_with_marks
        wanted: list[pl.Expr] = []
        for column in columns(self.catalogue.entry(address).model):
            wanted.append(pl.col(column.name))
            if column.is_figure:
                wanted += (
                    pl.col(column.name + LOW).alias(f"{column.name}_low"),
                    pl.col(column.name + HIGH).alias(f"{column.name}_high"),
                    pl.col(column.name + MARK),
                )
        return frame.select(wanted)

    def mart(self, address: str) -> pl.DataFrame:
        """Return a table's mart as `etl run` loads it: kept rows with derived measures.

        Raises:
            UnknownNameError: there is no such table.
        """
        from etl.warehouse.mart_tables import mart_table

        checked = self._checked_table(address)
        return mart_table(checked.tables[address], checked.rejected_rows(address)).rows

    def figures(self, address: str = "", *, area: str = "", period: str = "") -> pl.DataFrame:
        """Return printed figures, one row each, with the columns of `core.figure`.

        Args:
            address: of a table, or name of a domain; empty for all.
            area: code of their area; empty for all.
            period: such as `2025`; empty for all.

        Returns:
            Columns: domain, table_name, indicator, area_code, period, row_key, value, low, high (in the base unit), unit, hedge,
            published, source, section, raw_file, raw_line, categories and is_provisional.

        Raises:
            UnknownNameError: there is no such table or domain.
        """
        from etl.warehouse.core_tables import figure_table

        known = (*self.catalogue.domains, *self.catalogue.addresses)
        if address and address not in known:
            raise UnknownNameError(Text("table or domain", "表或领域"), address, known)
        rows = figure_table(self.folder, self._checked()).rows
        domain, _, table = address.partition(".")
        wanted = {"domain": domain, "table_name": table, "area_code": area, "period": period}
        return rows.filter(**{name: value for name, value in wanted.items() if value})

    @property
    def warehouse(self) -> Connection:
        """Connect read-only to the current warehouse; close it, or use `with`.

        It sees one state of the warehouse, whatever is published meanwhile.

        Raises:
            ProjectError: there is no warehouse.
        """
        from etl.warehouse.query import connect

        return connect(self.folder.warehouse)

    def query(self, sql: str, **parameters: object) -> pl.DataFrame:
        """Ask the warehouse in force.

        Args:
            sql: a query, whose named parameters are written `$name`.
            parameters: their values.

        Returns:
            Its result.

        Raises:
            ProjectError: there is no warehouse.
            QueryError: the query is wrong.
        """
        from etl.warehouse.query import query

        return query(self.folder.warehouse, sql, parameters, is_own=False)

    def _checked(
        self,
        registers: Sequence[RegisterEntry] = (),
        named: Named | None = None,
        *,
        strict: bool = False,
        engine: RegisterEngine | None = None,
    ) -> Checked:
        """Check some registers, and all tables, or those that a check of what is named needs."""
        needed = None if named is None or named.is_whole else needed_tables(self.folder, named)
        entries = [self.catalogue.entry(each) for each in self.catalogue.addresses if needed is None or each in needed]
        before = {}
        if registers and self.folder.warehouse.is_file():
            from etl.warehouse.load_record import rows_of_load  # with DuckDB

            before = rows_of_load(self.folder.warehouse)
        judge = partial(check, self.folder, registers=registers, say=self.folder.say, strict=strict, engine=engine)
        today, is_whole = datetime.now(UTC).date(), needed is None
        return judge(entries, today, whole=is_whole, is_part=not is_whole, rows_before=before)

    def _checked_table(self, address: str) -> Checked:
        if address not in self.catalogue.addresses:
            if address in self.catalogue.register_addresses:
                raise ProjectError(
                    f"{address} is a register. Ask the warehouse: project.warehouse.sql('FROM {address}').",
                    f"{address} 是登记簿。请查询数据仓库：project.warehouse.sql('FROM {address}')。",
                )
            raise UnknownNameError(Text("table", "表"), address, self.catalogue.addresses)
        checked = self._checked()
        if address not in checked.tables:
            file = self.folder.relative(self.folder.raw(address))
            raise ProjectError(f"{address} has no raw file: {file} is missing.", f"{address} 没有原始文件：缺少 {file}。")
        return checked

    @contextmanager
    def _engine(self, name: str, work: str, memory_limit: str) -> Iterator[RegisterEngine | None]:
        """Open the engine that scans registers; None is polars."""
        if name == "polars" and not work:
            yield None
            return
        from etl.engines.registry import open_engine

        with open_engine(name, work, self.folder, memory_limit, self.folder.say) as opened:
            yield opened
