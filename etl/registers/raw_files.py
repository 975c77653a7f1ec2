"""Find the raw files of a register: CSV (plain or compressed) or Parquet."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from etl.findings import Finding, Place, make_finding
from etl.project import Project
from etl.raw_files.find import is_left_out, misleading
from schemas import builtin_rules
from schemas.texts import Text, listed_names

FORMS = (".csv", ".csv.gz", ".csv.zst", ".parquet")


@dataclass(frozen=True, slots=True)
class RawFile:
    """Raw file of a register.

    Attributes:
        path: where it is.
        file: path relative to the project.
    """

    path: Path
    file: str

    @property
    def is_parquet(self) -> bool:
        """Whether it is a Parquet file; else it is CSV."""
        return self.path.name.endswith(".parquet")

    @property
    def is_compressed(self) -> bool:
        """Whether it is compressed CSV."""
        return self.path.name.endswith((".gz", ".zst"))

    @property
    def size(self) -> int:
        """Number of bytes."""
        return self.path.stat().st_size

    def place(self, line: int = 1, column: int = 1) -> Place:
        """Name a place in the file; of a Parquet file, row and column counted from 1."""
        return Place(self.file, line, column)


def register_file(project: Project, address: str) -> str:
    """Name the raw files of a register together: by its folder, else by its CSV file."""
    base = _base(project, address)
    return project.relative(base) if base.is_dir() else project.relative(base.with_name(base.name + FORMS[0]))


def raw_files(project: Project, address: str) -> tuple[list[RawFile], list[Finding]]:
    """List the raw files of a register, and findings of other files that are named as it, or lie in its folder.

    Names are never patterns: folders are listed. Files whose name begins with a dot, and notes in Markdown, are left out.
    """
    base = _base(project, address)
    named = [path for path in _listed(base.parent) if path.name.partition(".")[0] == base.name]
    files: list[Path] = []
    findings: list[Finding] = []
    for path in named:
        is_file = path.name[len(base.name) :] in FORMS
        if path.name == base.name and path.is_dir():
            problem = misleading(project, path)
        else:
            hint = f"{base.name}.csv and the like; several files stand in the folder {base.name}/"
            problem = _problem(project, path, is_file, hint)
            files += [] if problem else [path]
        if problem:
            findings.append(make_finding(builtin_rules.FILE_IS_READABLE, address, Place(project.relative(path)), problem))
    files.sort(key=lambda path: FORMS.index(path.name[len(base.name) :]))
    for path in _listed(base) if base in named and not misleading(project, base) else ():
        problem = _problem(project, path, path.name.endswith(FORMS), "")
        if problem:
            findings.append(make_finding(builtin_rules.FILE_IS_READABLE, address, Place(project.relative(path)), problem))
        else:
            files.append(path)
    return [RawFile(path, project.relative(path)) for path in files], findings


def _problem(project: Project, path: Path, is_named_so: bool, hint: str) -> Text | None:
    """Say why a file is not read; None where it is."""
    if not is_named_so:
        forms = listed_names(f"*{form}" for form in FORMS)
        more = f" (it is named {hint})" if hint else ""
        return Text(f"is none of {forms.en}, so nothing of it is read{more}", f"不是 {forms.zh}，未予读取")
    why = misleading(project, path)
    return why if why or path.is_file() else Text("is no file, so nothing of it is read", "不是普通文件，未予读取")


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if not is_left_out(path.name))
    except (FileNotFoundError, NotADirectoryError):
        return []


def _base(project: Project, address: str) -> Path:
    return project.root.joinpath("raw", *address.split("."))
