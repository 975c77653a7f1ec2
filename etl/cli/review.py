"""The review of proposals in the terminal: `etl fill --review`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from etl.errors import ProjectError

if TYPE_CHECKING:
    from etl.intake.fill import Filled
    from etl.intake.propose import Choice
    from etl.intake.review import Review, Reviewed
    from etl.project import Project
    from schemas.texts import Language, Text

_WORDS = {
    "sure": ("{} sure: Enter confirms them, s skips, q quits", "{} 个有把握：回车确认，s 跳过，q 退出"),
    "ask": (
        "1 2 3 choose, n none, o another column, p area and period, s skip, q quit",
        "1 2 3 选择，n 不录入，o 另找一列，p 地区与时期，s 跳过，q 退出",
    ),
    "reason": ("Why is it left out?", "不录入的理由"),
    "search": ("Words of the column", "列名中的词"),
    "nothing": ("no column that can take it has these words", "没有可容纳它且含这些词的列"),
    "no terminal": (
        "{}: --review reads keys from a terminal, and there is none; --page writes a page to confirm it in.",
        "{}：--review 需要终端按键，此处没有终端；可用 --page 生成网页来确认。",
    ),
    "none": ("none: {}", "无对应的表：{}"),
}


class _Quit(Exception):  # noqa: N818  it is no error
    """The person ends the review."""


class TerminalReview:
    """Ask a person for each section and figure; what is decided is written at once."""

    def __init__(self, project: Project, filled: Filled, review: Review, language: Language) -> None:
        self.project, self.filled, self.review, self.language = project, filled, review, language

    def run(self) -> int:
        """Review what is not decided yet; return how many figures are still not."""
        try:
            for section, items in self.review.sections():
                headings = items[0].proposal.context.headings
                click.echo(f"\n{section} {' / '.join(headings)}")
                self._confirm([each for each in items if each.is_sure or each.is_given])
                for each in items:
                    if not (each.is_sure or each.is_given):
                        self._ask(each)
        except _Quit:
            pass
        return sum(not each.is_decided for each in self.review.items)

    def _confirm(self, sure: Sequence[Reviewed]) -> None:
        if not sure:
            return
        for each in sure:
            choice = each.taken
            named = f"{self._text(choice.name)}  {choice.last}" if choice else "{table} {row_key} {column}".format(**each.row)
            named = each.row["reason"] if each.is_given else named
            click.echo(f"  {each.row['published']}  {named}".rstrip())
        if self._key(self._word("sure").format(len(sure)), "\r\ns") != "s":
            self.review.confirm(sure)

    def _ask(self, item: Reviewed) -> None:
        from etl.intake.review import marked

        click.echo(f"\n  {marked(self.filled.document, item.proposal.context.found)}")
        for number, choice in enumerate(item.choices, start=1):
            click.echo(f"  {number}  {self._text(choice.name)}  {choice.last}".rstrip())
        if item.row["class"] == "none":
            click.echo("  n  " + self._word("none").format(item.row["reason"]))
        numbers = "123"[: len(item.choices)]
        key = self._key(self._word("ask"), f"{numbers}nosp")
        scope = self._scope() if key == "p" else ""
        key = self._key(self._word("ask"), f"{numbers}nos") if key == "p" else key
        if key in numbers:
            item.take(item.choices[int(key) - 1], self.review.by)
        elif key == "n":
            item.leave_out(click.prompt(self._word("reason"), default=item.row["reason"] or None), self.review.by)
        elif key == "o" and (searched := self._searched(item)):
            item.take(searched, self.review.by)
        item.move_to(scope)
        self.review.save()

    def _scope(self) -> str:
        """Ask for the area and period of a figure."""
        from etl.intake.review import scope_name, scopes

        found = scopes(self.filled)
        for number, each in enumerate(found, start=1):
            click.echo(f"  {number}  {scope_name(each, self.project.catalogue, self.language)}")
        return found[int(self._key("", "123456789"[: len(found)])) - 1]

    def _searched(self, item: Reviewed) -> Choice | None:
        from etl.intake.review import search

        found = search(self.filled, item, click.prompt(self._word("search")), self.project.catalogue)
        if not found:
            click.echo(f"  {self._word('nothing')}")
            return None
        for number, choice in enumerate(found, start=1):
            click.echo(f"  {number}  {self._text(choice.name)}  {choice.last}".rstrip())
        key = self._key("", "123456789"[: len(found)] + "s")
        return None if key == "s" else found[int(key) - 1]

    def _key(self, prompt: str, keys: str) -> str:
        """Wait for one of these keys; `q` quits."""
        click.echo(f"  {prompt} ", nl=False)
        while True:
            try:
                key = click.getchar()
            except OSError as error:
                click.echo()
                raise ProjectError(*(text.format(self.review.path) for text in _WORDS["no terminal"])) from error
            if key in ("q", "\x03", "\x04", ""):
                click.echo()
                raise _Quit
            if key in keys:
                click.echo()
                return key

    def _word(self, name: str) -> str:
        return _WORDS[name][self.language == "zh"]

    def _text(self, text: Text) -> str:
        return text.zh if self.language == "zh" else text.en
