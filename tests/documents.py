"""Reads the fenced blocks of the project's Markdown files, and carries them out as a reader would.

The info string of a block says what is to be done with it:

- `sh`: run it; it must end with exit code 0.
- `sh setup`: it makes the environment, which is there when tests run, so it is not run.
- `text`: what the `sh` block above it prints, whole but for lines `…`, which stand for any number of lines.
- `LANGUAGE PATH`: the file at that path, to be written; where the language is `diff`, lines to be added to it.
- `text layout`: a list of paths of the project, each at the beginning of its line.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from conftest import ROOT

GAP = "…"
_FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_NOT_COPIED = (
    ".git",
    ".venv",
    "build",
    "dist",
    "*_cache",
    ".hypothesis",
    "__pycache__",
    "ip.*duckdb*",
    ".load.lock",
    "*.egg-info",
)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its info string, its text, and the line of its file at which it begins."""

    info: str
    body: str
    line: int

    @property
    def path(self) -> str:
        """The file that the block holds; empty for other blocks."""
        path = self.info.partition(" ")[2]
        return path if "." in path else ""


def blocks(name: str) -> list[Block]:
    """Give the fenced blocks of one of the project's Markdown files, in order."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return [Block(match["info"], match["body"], text.count("\n", 0, match.start()) + 1) for match in _FENCE.finditer(text)]


def copy_of_the_project(folder: Path) -> Path:
    """Give a copy of the project in a folder, without what commands made in it."""
    copy = folder / "project"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*_NOT_COPIED))
    return copy


def environment(project: Path, language: str) -> Mapping[str, str]:
    """Give the environment in which a reader of that language runs the commands of a project's copy."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "PYTEST_", "GITHUB_"))}
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    return kept | {"PATH": path, "PYTHONPATH": str(project), "LANG": language, "NO_COLOR": "1"}


def carry_out(found: list[Block], project: Path, language: str = "C.UTF-8") -> None:
    """Write the files and run the commands of blocks in a copy of the project, and compare what is printed."""
    output: str | None = None
    for block in found:
        if block.path:
            _write(block, project)
        elif block.info == "sh":
            output = _run(block, project, language)
            continue
        elif block.info == "text":
            assert output is not None, f"line {block.line}: no command stands right above this output"
            assert_prints(output, block)
        output = None


def assert_prints(output: str, block: Block) -> None:
    """Hold that an output is what a block shows, a gap standing for any number of lines.

    How wide the columns of a table are is not compared: a row in a gap, such as that of a table which is new, may widen them.
    """
    shown = [_narrow(line) for line in block.body.splitlines()]
    lines = "\n".join(_narrow(line) for line in output.splitlines())
    pattern = "\n".join(re.escape(line) for line in shown)
    gap = re.escape(GAP)
    pattern = re.sub(rf"^{gap}\n", r"(?:.*\\n)*?", pattern)
    pattern = re.sub(rf"\n{gap}(?=\n)", r"(?:\\n.*)*?", pattern)
    pattern = re.sub(rf"\n{gap}$", r"(?:\\n.*)*", pattern)
    assert re.fullmatch(pattern, lines), f"line {block.line} shows\n{block.body}but this is printed\n{output}"


def _narrow(line: str) -> str:
    """Give a line without spaces at its end; of a table, without what fills its columns."""
    return re.sub(r"(?<=[│┆]) +| +(?=[│┆])|[─═]+", "", line) if line[:1] in "│┌╞└" else line.rstrip()


def _run(block: Block, project: Path, language: str) -> str:
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", block.body],
        cwd=project,
        env=environment(project, language),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, f"line {block.line} ends with exit code {ran.returncode}:\n{block.body}{ran.stdout}"
    return ran.stdout


def _write(block: Block, project: Path) -> None:
    path = project / block.path
    if not block.info.startswith("diff "):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.body, encoding="utf-8")
        return
    before = "".join(f"{line[1:]}\n" for line in block.body.splitlines() if not line.startswith("+"))
    after = "".join(f"{line[1:]}\n" for line in block.body.splitlines())
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1, f"line {block.line}: {block.path} does not hold, once, the lines that surround the new ones"
    path.write_text(text.replace(before, after), encoding="utf-8")
