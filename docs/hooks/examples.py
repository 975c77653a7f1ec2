"""Run the examples of the pages when the site is built, and show what they print below them.

The info string of a fenced block says what is done with it:

- `sh`, `python`, `sql` with the word `output`: it is run, and what it prints is shown, whole or its `first=N` and `last=N` lines;
- `sh` without it: it is run, and prints nothing that is shown;
- `in=FOLDER` beside these: it is run in that folder;
- `LANGUAGE PATH`: the file at that path, which is written; `diff PATH`: lines that are added to it;
- any other: it is shown as it is, such as `sh setup`, which makes an environment, `sh slow`, which only `make slow` runs, and
  `sh elsewhere`, which a test of its own tries.

The blocks of a page run in order in a copy of the project of `etl demo` after `etl run`; a block that fails, fails the build. A
page in two languages runs once: where a block shows its output, that of the other language runs in a copy of the folder.
What was printed is kept in build/examples as long as pages, code and raw tables stay as they are.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from mkdocs.config.defaults import MkDocsConfig
from run_examples import LANGUAGES, ROOT, Example, Runner

KEPT = ROOT / "build" / "examples"
_FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)


def examples(text: str, page: str, *, slow: bool = False) -> list[Example]:
    """Return the blocks of a page that are run or written, in order; with those that take long."""
    every = (_example(found, page) for found in _FENCE.finditer(text))
    return [each for each in every if each.is_carried_out or (slow and each.is_slow)]


def _example(found: re.Match[str], page: str) -> Example:
    line = found.string.count("\n", 0, found.start()) + 1
    return Example(tuple(found["info"].split()), found["body"], f"{page}:{line}")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put below each example what it prints."""
    folder, written = Path(config.docs_dir), ROOT / "docs"
    pages = [folder / path.relative_to(written) for path in sorted(written.rglob("*.md")) if not path.name.endswith(".zh-CN.md")]
    state = _state()
    with TemporaryDirectory() as scratch, Runner(Path(scratch)) as runner, ThreadPoolExecutor(os.cpu_count()) as threads:
        list(threads.map(lambda page: _write_outputs(page, runner, state), pages))
    return config


def _write_outputs(page: Path, runner: Runner, state: str) -> None:
    texts = {suffix: path.read_text(encoding="utf-8") for suffix in LANGUAGES if (path := _in_language(page, suffix)).is_file()}
    found = {suffix: examples(text, _in_language(page, suffix).name) for suffix, text in texts.items()}
    if not any(each.is_run for each in found[""]):
        return
    outputs = _kept_or_run(found, runner, state)
    for suffix, text in texts.items():
        _in_language(page, suffix).write_text(_with_outputs(text, outputs[suffix]), encoding="utf-8")


def _with_outputs(text: str, outputs: list[str]) -> str:
    """Return a page with the outputs of its examples below them."""
    left = iter(outputs)

    def shown(found: re.Match[str]) -> str:
        example = _example(found, "")
        output = next(left) if example.is_carried_out else ""
        title = f' title="{example.file}"' if example.file else ""
        block = f"```{' '.join(example.words[:1])}{title}\n{example.body}```"
        return f"{block}\n\n```text\n{example.excerpt(output)}\n```" if example.is_shown else block

    return _FENCE.sub(shown, text)


def _in_language(page: Path, suffix: str) -> Path:
    return page.with_name(f"{page.stem}{suffix}.md")


def _kept_or_run(found: dict[str, list[Example]], runner: Runner, state: str) -> dict[str, list[str]]:
    """Return what the examples of a page print, by language."""
    asked = json.dumps([state, {suffix: [(each.words, each.body) for each in each_page] for suffix, each_page in found.items()}])
    kept = KEPT / f"{hashlib.sha256(asked.encode()).hexdigest()}.json"
    if not kept.is_file():
        outputs = runner.run(found)
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(outputs, ensure_ascii=False), encoding="utf-8")
    result: dict[str, list[str]] = json.loads(kept.read_text(encoding="utf-8"))
    return result


def _state() -> str:
    """Return a hash of all that outputs rest on: code, raw tables and libraries."""
    digest = hashlib.sha256(repr([version(name) for name in ("click", "duckdb", "pandera", "polars")]).encode())
    for top in ("etl", "schemas", "raw", "docs/hooks"):
        for path in sorted((ROOT / top).rglob("*.*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return digest.hexdigest()
