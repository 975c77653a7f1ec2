"""The line at which a person types: keys, history, completion and colours. The one importer of prompt_toolkit at its top."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.history import FileHistory, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.lexers import Lexer
from prompt_toolkit.styles import Style

from etl.shell.completion import KEYWORDS, Commands, candidates, word_before
from etl.shell.names import Names
from etl.shell.statements import is_finished, tokens

_LEAST_TO_COMPLETE_UNASKED = 2
_STYLE = Style.from_dict({"keyword": "bold", "string": "ansigreen", "remark": "italic ansibrightblack"})


def prompted(names: Callable[[], Names], commands: Commands, history: Path | None) -> Callable[[], str]:
    """Give a function that asks the person for a statement or command, of one line or more.

    It raises KeyboardInterrupt on Ctrl-C, and EOFError on Ctrl-D in an empty line.
    """
    session: PromptSession[str] = PromptSession(
        message="sql> ",
        prompt_continuation=lambda width, line, wrapped: "" if wrapped else "...> ",
        multiline=True,
        completer=_Completer(names, commands),
        history=FileHistory(str(history)) if history else InMemoryHistory(),
        key_bindings=_keys(),
        lexer=_Colours(),
        style=_STYLE,
        enable_open_in_editor=True,
        tempfile_suffix=".sql",
    )
    return session.prompt


def _keys() -> KeyBindings:
    keys = KeyBindings()

    @keys.add("enter")
    def _(event: KeyPressEvent) -> None:
        """Take the completion that is chosen, or hand over what is finished, or begin a line."""
        buffer = event.current_buffer
        if buffer.complete_state and buffer.complete_state.current_completion:
            buffer.complete_state = None
        elif not buffer.document.text_after_cursor.strip() and is_finished(buffer.text):
            buffer.validate_and_handle()
        else:
            buffer.newline()

    return keys


class _Completer(Completer):
    """What `etl.shell.completion` offers."""

    def __init__(self, names: Callable[[], Names], commands: Commands) -> None:
        self._names, self._commands = names, commands

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:
        """Give what could stand at the cursor."""
        before = document.text_before_cursor
        word = word_before(before)
        if not complete_event.completion_requested and len(word) < _LEAST_TO_COMPLETE_UNASKED:
            return
        if before.lstrip().startswith("."):
            word = before.lstrip().rpartition(" ")[2]
        for each in candidates(before, document.text_after_cursor, self._names(), self._commands):
            yield Completion(each.text, -len(word), display=each.shown, display_meta=each.meaning)


class _Colours(Lexer):
    """Keywords, texts and remarks set apart."""

    def lex_document(self, document: Document) -> Callable[[int], StyleAndTextTuples]:
        """Give a function that gives the coloured pieces of a line."""
        lines: list[StyleAndTextTuples] = [[]]
        for token in tokens(document.text):
            if token.kind == "word" and token.text.upper() in KEYWORDS:
                style = "class:keyword"
            else:
                style = {"text": "class:string", "comment": "class:remark"}.get(token.kind, "")
            first, *others = token.text.split("\n")
            lines[-1].append((style, first))
            lines += [[(style, each)] for each in others]
        return lambda line: lines[line] if line < len(lines) else []
