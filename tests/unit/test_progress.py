"""The line of progress: on a terminal only, after two seconds, in the language of the command, and taken away at the end."""

from __future__ import annotations

import io

import click
import pytest

from etl.cli.progress import say, speaker
from etl.registers.progress import Progress, Step
from schemas.texts import Text


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def shown(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, *said: Text, language: str = "en") -> str:
    monkeypatch.setattr("sys.stderr", stream)
    with click.Context(click.Command("check"), obj=language):
        for text in said:
            say(text)
    return stream.getvalue()


@pytest.fixture(autouse=True)
def no_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "40")


STEPS = (Step("checking: 5", "正在检查：5"), Step("done", "完成", is_last=True))


def test_a_line_of_progress_is_replaced_and_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, Terminal(), *STEPS) == "\r\x1b[Ketl: checking: 5\r\x1b[K"
    assert shown(monkeypatch, Terminal(), STEPS[0], language="zh") == "\r\x1b[Ketl: 正在检查：5"
    assert shown(monkeypatch, Terminal(), STEPS[0], Text("done", "完成")) == "\r\x1b[Ketl: checking: 5\r\x1b[Ketl: done\n"


def test_a_long_line_fits_the_terminal_and_moves_no_cursor(monkeypatch: pytest.MonkeyPatch) -> None:
    line = shown(monkeypatch, Terminal(), Step("x\x1b[2J" + "长" * 50, ""))
    assert len(line.removeprefix("\r\x1b[K")) < 40
    assert "\x1b" not in line.removeprefix("\r\x1b[K")


def test_pipes_and_ci_get_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, io.StringIO(), *STEPS) == ""
    monkeypatch.setenv("CI", "true")
    assert shown(monkeypatch, Terminal(), *STEPS, Text("a note", "说明")) == "etl: a note\n"


def test_items_are_counted_with_the_time_that_is_left() -> None:
    said: list[Text] = []
    progress = Progress(Text("trying slips", "正在试验差错"), said.append, rows=4, first_after=0.0)
    assert [*progress.watch(range(4))] == [0, 1, 2, 3]
    assert said[0].en.startswith("trying slips: 1 of 4, ") and said[0].en.endswith("s left")
    assert said[-1] == Step("trying slips: done", "正在试验差错：完成", is_last=True)


def test_short_work_says_nothing() -> None:
    said: list[Text] = []
    assert [*Progress(Text("trying", "试验"), said.append, rows=2).watch("ab")] == ["a", "b"]
    assert said == []


def test_a_thread_speaks_the_language_of_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    from threading import Thread

    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    with click.Context(click.Command("check"), obj="zh"):
        thread = Thread(target=speaker(), args=(Text("staging", "正在暂存"),))
        thread.start()
        thread.join()
    assert stream.getvalue() == "etl: 正在暂存\n"
