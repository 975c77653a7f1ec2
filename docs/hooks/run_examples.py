"""Run the examples of a page, in both languages, in a copy of a project that is loaded."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

from preloaded_etl import READY, write_client

ROOT = Path(__file__).parents[2]
LANGUAGES = {"": "en_US.UTF-8", ".zh-CN": "zh_CN.UTF-8"}
"""Endings of the names of pages, and the locale of those who read them."""
MOST_SECONDS = 300
_TIME = re.compile(r"\b\d\d:\d\d:\d\d\b")


@dataclass(frozen=True, slots=True)
class Example:
    """A fenced block that is run, or a file that is written.

    Attributes:
        words: of its info string.
        body: what it holds.
        place: page and line of its first line.
    """

    words: tuple[str, ...]
    body: str
    place: str

    @property
    def is_shown(self) -> bool:
        """Whether its output is shown."""
        return "output" in self.words

    @property
    def is_run(self) -> bool:
        """Whether it is run when the site is built."""
        return self.is_shown or (self.words[:1] == ("sh",) and all("=" in word for word in self.words[1:]))

    @property
    def is_slow(self) -> bool:
        """Whether it takes too long for that, and is run by `make slow`."""
        return self.words == ("sh", "slow")

    @property
    def is_carried_out(self) -> bool:
        """Whether it is run, or is a file that is written."""
        return self.is_run or bool(self.file)

    @property
    def file(self) -> str:
        """The path of the file that it holds; empty for none."""
        named = self.words[1] if len(self.words) > 1 else ""
        return named if "." in named and "=" not in named else ""

    @property
    def options(self) -> dict[str, str]:
        """What its info string says as `name=value`."""
        return {name: value for name, is_one, value in (word.partition("=") for word in self.words) if is_one}

    def excerpt(self, output: str) -> str:
        """Return the lines of its output that are shown, with … for those that are not."""
        lines = output.splitlines()
        first, last = (int(self.options.get(name, 0)) for name in ("first", "last"))
        if first + last in range(1, len(lines)):
            lines = [*lines[:first], "…", *lines[len(lines) - last :]]
        return "\n".join(lines)


class Runner:
    """Runs examples in a scratch folder. It starts when the first page has something to run."""

    def __init__(self, scratch: Path) -> None:
        """Name the folder, which is empty."""
        self.scratch = scratch
        self.server: subprocess.Popen[bytes] | None = None
        self.starting = Lock()

    def __enter__(self) -> Runner:
        return self

    def __exit__(self, *_: object) -> None:
        if self.server:
            self.server.kill()
            self.server.wait()

    def start(self) -> None:
        """Start the process that answers `etl`, and load the project that each page gets a copy of."""
        (self.scratch / "bin").mkdir()
        address = self.scratch / "socket"
        write_client(self.scratch / "bin", address)
        command = [sys.executable, str(Path(__file__).with_name("preloaded_etl.py")), str(address)]
        self.server = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT)
        assert self.server.stdout is not None
        if self.server.stdout.read(len(READY)) != READY:
            raise SystemExit("The package cannot be imported; see above.")
        self._shell(Example(("sh",), "etl demo demo\ncd demo\netl run\n", "start"), self.scratch, LANGUAGES[""])

    def run(self, found: Mapping[str, Sequence[Example]]) -> dict[str, list[str]]:
        """Run the examples of a page; return what each prints, by language."""
        for other in found.values():
            if [each.words for each in other] != [each.words for each in found[""]]:
                raise SystemExit(f"{found[''][0].place} and {other[0].place}: the languages have other examples.")
        with self.starting:
            if not self.server:
                self.start()
        outputs: dict[str, list[str]] = {suffix: [] for suffix in found}
        with TemporaryDirectory(dir=self.scratch) as folder:
            project = Path(folder) / "project"
            _copy(self.scratch / "demo", project)
            for index, example in enumerate(found[""]):
                others = [suffix for suffix in found if suffix] if example.is_shown and example.words[0] != "sql" else []
                for suffix in others:
                    beside = Path(folder) / suffix / "project"
                    _copy(project, beside)
                    outputs[suffix].append(self.output_of(found[suffix][index], beside, LANGUAGES[suffix]))
                    shutil.rmtree(beside)
                output = self.output_of(example, project, LANGUAGES[""])
                for suffix in found.keys() - others:
                    outputs[suffix].append(output)
        return outputs

    def output_of(self, example: Example, project: Path, language: str) -> str:
        """Run an example, or write its file, in a folder; return what it prints."""
        if example.file:
            _write(example, project)
            return ""
        folder = project / example.options.get("in", ".")
        output = _sql(example, folder) if example.words[0] == "sql" else self._shell(example, folder, language)
        output = output.replace(str(project), "~")
        if example.is_shown and not output.strip():
            raise SystemExit(f"{example.place} prints nothing.")
        if str(self.scratch) in output or _TIME.search(output):
            raise SystemExit(f"{example.place}: what is printed names a time, or a folder of this machine:\n{output}")
        return output

    def _shell(self, example: Example, folder: Path, language: str) -> str:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "PYTEST_", "GITHUB_", "ETL_"))}
        path = os.pathsep.join((str(self.scratch / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]))
        python = example.words[0] == "python"
        ran = subprocess.run(
            [sys.executable, "-c", example.body] if python else ["bash", "-euo", "pipefail", "-c", example.body],
            cwd=folder,
            env=kept | {"PATH": path, "LANG": language, "NO_COLOR": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=MOST_SECONDS,
            check=False,
        )
        if ran.returncode:
            raise SystemExit(f"{example.place} ends with exit code {ran.returncode}:\n{example.body}{ran.stdout}")
        return ran.stdout


def _copy(project: Path, to: Path) -> None:
    """Copy a project; its warehouses, which are replaced and never written to, as links."""
    shutil.copytree(project, to, symlinks=True, copy_function=_copy_file)


def _copy_file(file: str, to: str) -> None:
    (os.link if file.endswith(".duckdb") else shutil.copy2)(file, to)


def _sql(example: Example, folder: Path) -> str:
    """Return what `etl sql` prints of a query."""
    from etl.sandbox.formatters import Result
    from etl.sandbox.frame_formatters import as_table
    from etl.warehouse.query import connect

    with connect(folder / "warehouse" / "ip.duckdb") as connection:
        return b"".join(as_table([Result(connection, connection.sql(example.body), 0)], False)).decode()


def _write(example: Example, project: Path) -> None:
    """Write a file, or add lines to it: those of a `diff` that begin with +, between those around them."""
    path = project / example.file
    if example.words[0] != "diff":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(example.body, encoding="utf-8")
        return
    lines = example.body.splitlines()
    before, after = ("".join(f"{line[1:]}\n" for line in some) for some in ([x for x in lines if x[:1] != "+"], lines))
    text = path.read_text(encoding="utf-8")
    if text.count(before) != 1:
        raise SystemExit(f"{example.place}: {example.file} does not hold, once, the lines around the new ones.")
    path.write_text(text.replace(before, after), encoding="utf-8")
