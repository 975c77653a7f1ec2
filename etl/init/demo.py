"""Compose the demonstration: the raw tables that the package brings, and a short bulletin with a contradiction."""

from __future__ import annotations

from pathlib import Path

import etl
from etl.errors import ProjectError
from etl.init.write import TEXTS

BULLETIN = "bulletin.txt"
_IN_THE_WHEEL, _IN_A_CHECKOUT = Path(etl.__file__).parent / "demo_raw", Path(etl.__file__).parents[1] / "raw"


def compose_demo() -> dict[str, str]:
    """Compose the files of the demonstration by path.

    Raises:
        ProjectError: the installed package brings no raw tables.
    """
    raw = next((folder for folder in (_IN_THE_WHEEL, _IN_A_CHECKOUT) if (folder / "sources.csv").is_file()), None)
    if raw is None:
        raise ProjectError(
            "The installed package brings no raw tables. Install it anew.", "已安装的软件包不含原始表。请重新安装。"
        )
    tables = {f"raw/{path.relative_to(raw).as_posix()}": path.read_text(encoding="utf-8") for path in sorted(raw.rglob("*.*"))}
    texts = {BULLETIN: BULLETIN, ".gitignore": "gitignore.txt"}
    return tables | {path: (TEXTS / name).read_text(encoding="utf-8") for path, name in texts.items()}
