"""A session of the shell: what is typed is run, each query in a process of its own, until the person leaves."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from etl.errors import ProjectError
from etl.sandbox.ask import ask_as_stranger
from etl.shell.commands import Settings, explained, obey
from etl.shell.names import NamesInForce
from etl.shell.paging import show
from etl.shell.statements import command_in, statements

_KEPT_IN_MEMORY = 1 << 24
_GREETING = {
    "en": "{warehouse}, read-only. A query ends with a semicolon; .help tells more, .quit leaves.",
    "zh": "{warehouse}，只读。查询以分号结束；.help 查看说明，.quit 退出。",
}
_CUT = {
    "en": "these are the first {rows} rows; .limit 0 gives all",
    "zh": "以上是前 {rows} 行；.limit 0 给出全部",
}
_INTERRUPTED = {"en": "The query was ended.", "zh": "查询已结束。"}


def converse(warehouse: Path, settings: Settings) -> None:
    """Ask for queries and commands, and show what they come to, until the person leaves.

    Raises:
        ProjectError: there is no warehouse, or the library that reads what is typed is not installed.
    """
    if not warehouse.is_file():
        raise ProjectError(f"No warehouse at {warehouse}. Make it with `etl run`.")
    try:
        from etl.shell.history import history_file
        from etl.shell.prompt import prompted
    except ModuleNotFoundError as error:
        if error.name != "prompt_toolkit":
            raise
        raise ProjectError(
            "Typing queries one after another needs prompt_toolkit. Install the extra `shell` (pip install "
            "'ip-bulletin-etl[shell]'), or give the query: etl sql \"FROM report.gate\"."
        ) from None
    names = NamesInForce(warehouse)
    ask = prompted(names.now, explained(settings.language), history_file())
    _say(_GREETING[settings.language].format(warehouse=os.path.relpath(warehouse)))
    while True:
        names.look()
        try:
            _answer(ask(), warehouse, settings, names)
        except KeyboardInterrupt:
            continue
        except EOFError:
            return


def _answer(typed: str, warehouse: Path, settings: Settings, names: NamesInForce) -> None:
    """Carry out what was typed; what goes wrong is told, and the statements behind it are left."""
    try:
        if command := command_in(typed):
            said = obey(command, settings, names)
            if said.text:
                _say(said.text)
            asked = [said.query] if said.query else []
        else:
            asked = statements(typed)
        for query in asked:
            _run(query, warehouse, settings)
    except KeyboardInterrupt:
        _say(_INTERRUPTED[settings.language])
    except (ProjectError, OSError) as error:
        _say(f"Error: {error}")


def _run(query: str, warehouse: Path, settings: Settings) -> None:
    since = time.monotonic()
    with SpooledTemporaryFile(_KEPT_IN_MEMORY) as spool:
        result = cast(BinaryIO, spool)
        was_cut = ask_as_stranger(warehouse, query, settings.style, settings.limits, result)
        took = time.monotonic() - since
        show(result, paged=settings.paging)
    if was_cut:
        _say(_CUT[settings.language].format(rows=settings.limits.rows))
    if settings.timing:
        _say(f"{took:.2f} s")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
