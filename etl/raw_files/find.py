"""Find a table's file in `raw/<domain>/`, in one of the readable forms."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from etl.project import Project
from etl.raw_files.page import RefusedFileError
from schemas import builtin_rules
from schemas.list_files import target_outside
from schemas.texts import Text, listed_names, system_reason

WORKBOOKS = (".xlsx", ".xls", ".ods")
FORMS = (".csv", *WORKBOOKS, ".parquet")
MOST_BYTES = 64 * 2**20
"""Of a file of a table of figures: a larger one is a register, or no table."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file of a table: path, relative path, suffix in lower case, and the folder of its table, if it lies in one."""

    path: Path
    file: str
    form: str
    folder: str = ""


_OF_SYSTEMS = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini"})


def is_left_out(name: str) -> bool:
    """Whether a file is none of the project by its name: hidden, a lock, a note in Markdown, or one that a system puts there."""
    return name.startswith((".", "~$")) or name.endswith(".md") or name.casefold() in _OF_SYSTEMS


def found_files(project: Project, address: str) -> list[FoundFile]:
    """List the files named as a table or in the folder named so, sorted; names are never patterns.

    A name that begins with a dot, or with the mark of a lock file, is another one. A folder without files stands for itself.
    """
    domain, _, table = address.partition(".")
    folder = os.path.join(project.root, "raw", domain)  # noqa: PTH118  pathlib takes as long as all the rest
    try:
        with os.scandir(folder) as listed:
            names = sorted(entry.name for entry in listed if entry.name.partition(".")[0] == table)
    except (FileNotFoundError, NotADirectoryError):
        return []
    found = [FoundFile(Path(folder, name), f"raw/{domain}/{name}", name[len(table) :].casefold()) for name in names]
    return [each for file in found for each in (_in_folder(file) if file.path.name == table else [file])]


def _in_folder(folder: FoundFile) -> list[FoundFile]:
    """List the files in the folder of a table; notes in Markdown, hidden and lock files are left out."""
    if not folder.path.is_dir():
        return []
    names = sorted(path.name for path in folder.path.iterdir())
    named = [name for name in names if not is_left_out(name)]
    listed = ((folder.path / name, f"{folder.file}/{name}") for name in named)
    found = [FoundFile(path, file, path.suffix.casefold(), folder.file) for path, file in listed]
    return found or [FoundFile(folder.path, folder.file, "", folder.file)]


def refuse_ambiguous(files: list[FoundFile]) -> None:
    """Refuse a table that has two files outside a folder, or a folder and a file, by a RefusedFileError."""
    listed = list(dict.fromkeys(each.folder or each.file for each in files))
    if len(listed) > 1:
        names = listed_names(listed)
        en = f"the table has {len(listed)} raw files, of which one holds: {names.en}. Keep one, or put all in a folder."
        zh = f"该表有 {len(listed)} 个原始文件，无法确定以哪个为准：{names.zh}。请只保留一个，或放入同一文件夹。"
        raise RefusedFileError(Text(en, zh), rule=builtin_rules.TABLE_HAS_ONE_FILE)


def content(project: Project, raw: FoundFile) -> bytes:
    """Read the bytes of a file.

    Raises:
        RefusedFileError: it is no file of the project, in no form that can be read, or too large.
    """
    if raw.form not in FORMS:
        forms = listed_names(f"*{form}" for form in FORMS)
        raise RefusedFileError(Text(f"is none of {forms.en}, so nothing of it is read", f"不是 {forms.zh}，未予读取"))
    _refuse_outside(project, raw)
    try:
        if not raw.path.is_file():
            raise RefusedFileError(Text("is no file, so nothing of it is read", "不是普通文件，未予读取"))
        size = raw.path.stat().st_size
        if size > MOST_BYTES:
            most = f"{MOST_BYTES >> 20} MiB"
            en = f"has {size:,} bytes, more than the {most} that a table of figures may have; records belong in a register"
            raise RefusedFileError(Text(en, f"大小为 {size:,} 字节，超过统计表上限 {most}；逐条记录应放入登记簿"))
        return raw.path.read_bytes()
    except OSError as error:
        raise RefusedFileError(Text("cannot be opened: ", "无法打开：") + system_reason(error)) from None


def _refuse_outside(project: Project, file: FoundFile) -> None:
    """Refuse a link that leads out of the project."""
    folder = project.root / "raw"
    folders = (file.path.parent, file.path.parent.parent, folder)
    if any(map(os.path.islink, (file.path, *folders))) and (why := misleading(project, file.path)):
        raise RefusedFileError(why)


def misleading(project: Project, path: Path) -> Text | None:
    """Say why a link of a project, or a path through one, is not followed; None for any other path."""
    try:
        path.resolve(strict=True)
    except (OSError, RuntimeError):
        return (
            Text("is a link that leads nowhere, so nothing is read", "是失效的链接，未予读取") if os.path.lexists(path) else None
        )
    if outside := target_outside(path, project.root):
        en = f"is a link that leads out of the project, to {outside}. Put the file itself here."
        return Text(en, f"是指向项目之外（{outside}）的链接。请把文件本身放在这里。")
    return None
