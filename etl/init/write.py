"""Write a new project, whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from etl.catalogue import CATALOGUE, PACKAGE
from etl.errors import ProjectError, WriteError, reason_of
from etl.files import csv_text
from etl.gate.waivers import WAIVER_COLUMNS
from etl.init.requirement import with_every_extra
from etl.project import CATALOGUE_FILE, SOURCE_COLUMNS
from schemas.code_lists import Code
from schemas.models import Revision, columns
from schemas.project_code_lists import AREA_COLUMNS, AREAS
from schemas.texts import Text

TEXTS = Path(__file__).parent / "texts"
_PLACES = {
    CATALOGUE_FILE: "catalogue.{}.txt",
    ".gitignore": "gitignore.txt",
    ".pre-commit-config.yaml": "pre-commit.yml",
    ".github/workflows/gate.yml": "workflow.{}.yml",
    "README.md": "readme.en.md",
    "README.zh-CN.md": "readme.zh.md",
}
_MAY_BE_THERE = frozenset({".git"})


def compose_files(areas: Sequence[Code], area: str, package: str, language: str) -> dict[str, str]:
    """Compose the files of a new project by path: tables, areas, gate and README.

    Args:
        areas: the areas that its figures may be of.
        area: code of the one that it is named after.
        package: the requirement that pip installs.
        language: of its remarks, and of the messages of its gate.
    """
    this = next(each for each in areas if each.code == area)
    words = {
        "PACKAGE": package,
        "EVERYTHING": with_every_extra(package),
        "LANGUAGE": language,
        "AREA": area,
        "NAME_ZH": this.zh,
        "NAME_EN": this.en,
    }
    texts = {path: (TEXTS / name.format(language)).read_text(encoding="utf-8") for path, name in _PLACES.items()}
    made = {path: _filled(text, words) for path, text in texts.items()}
    made["raw/sources.csv"] = csv_text([SOURCE_COLUMNS])
    made["raw/waivers.csv"] = csv_text([WAIVER_COLUMNS])
    listed = [(each.code, each.zh, each.en, each.parent, "|".join(each.aliases)) for each in areas]
    made[f"schemas/codes/{AREAS}.csv"] = csv_text([AREA_COLUMNS, *listed])
    for address in CATALOGUE:
        header = [column.name for column in columns(PACKAGE.entry(address).model) if not isinstance(column.dtype, Revision)]
        made[f"raw/{address.replace('.', '/')}.csv"] = csv_text([header])
    return made


def write_project(folder: Path, made: Mapping[str, str]) -> None:
    """Write files into a folder that is not there yet, or is empty but for `.git`.

    Raises:
        ProjectError: there is something in it.
        WriteError: they cannot be written; then none is.
    """
    target = folder.resolve()
    there = _listed(folder, target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        # Beside the folder, or in it, so that all is there before the first of it shows.
        beside = target if target.is_dir() else target.parent
        with tempfile.TemporaryDirectory(dir=beside, prefix=".new-project-") as work:
            for path, text in made.items():
                file = Path(work, path)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8", newline="\n")
            if there is None:
                os.chmod(work, 0o755)
                os.rename(work, target)  # noqa: PTH104  a path of pathlib would not be removed at the end
                Path(work).mkdir()
            else:
                _move_in(Path(work), target)
    except OSError as error:
        raise WriteError(
            Text(f"{folder} could not be written: ", f"{folder} 未能写入：") + reason_of(error, target.parent)
        ) from error


def _listed(folder: Path, target: Path) -> list[str] | None:
    """List the content of the folder; None where the folder does not exist.

    Raises:
        ProjectError: it is not empty.
    """
    if not target.exists():
        return None
    if not target.is_dir():
        raise ProjectError(
            f"{folder} is a file. Name a folder that is not there yet, or is empty.",
            f"{folder} 是文件。请指定尚不存在的或空的文件夹。",
        )
    there = sorted(path.name for path in target.iterdir())
    if more := [name for name in there if name not in _MAY_BE_THERE]:
        raise ProjectError(
            f"{folder} is not empty: it holds {more[0]}. Name a folder that is not there yet, or is empty.",
            f"{folder} 不是空的，其中有 {more[0]}。请指定尚不存在的或空的文件夹。",
        )
    return there


def _move_in(work: Path, target: Path) -> None:
    """Move all files into a folder; undo all if one cannot be moved."""
    moved: list[Path] = []
    try:
        for path in sorted(work.iterdir()):
            os.rename(path, target / path.name)  # noqa: PTH104  as above
            moved.append(target / path.name)
    except OSError:
        for path in moved:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        raise


def _filled(text: str, words: Mapping[str, str]) -> str:
    for name, word in words.items():
        text = text.replace(f"@{name}@", word)
    return text
