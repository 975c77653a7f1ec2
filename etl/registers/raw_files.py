"""Find the raw files of a register: CSV (plain or compressed) or Parquet."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from etl.findings import Finding, Place, Text, make_finding
from etl.project import Project
from schemas import builtin_rules

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
    """List the raw files of a register, and findings of other files in its folder.

    Names are never patterns: the folder is listed. Files whose name begins with a dot are skipped.
    """
    base = _base(project, address)
    files = [path for form in FORMS if (path := base.with_name(base.name + form)).is_file()]
    findings = []
    listed = sorted(path for path in base.iterdir() if not path.name.startswith(".")) if base.is_dir() else []
    for path in listed:
        if path.is_file() and path.name.endswith(FORMS):
            files.append(path)
            continue
        forms = ", ".join(f"*{form}" for form in FORMS)
        message = Text(f"is none of {forms}, so nothing of it is read", f"不是 {forms}，未予读取")
        if path.is_symlink() and not path.exists():
            message = Text("is a link that leads to no file, so nothing is read", "是失效的链接，未予读取")
        findings.append(make_finding(builtin_rules.FILE_IS_READABLE, address, Place(project.relative(path)), message))
    return [RawFile(path, project.relative(path)) for path in files], findings


def _base(project: Project, address: str) -> Path:
    return project.root.joinpath("raw", *address.split("."))
