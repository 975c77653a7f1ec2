"""What could stand at the cursor: commands, tables, columns of the tables that the statement names, functions, keywords."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from etl.shell.names import Column, Names, Relation
from etl.shell.statements import Token, tokens

KEYWORDS = tuple(
    re.findall(
        r"\w+",
        """
        ALL AND ANY AS ASC BETWEEN BY CASE CAST COUNT CROSS CURRENT_DATE DATE DESC DESCRIBE DISTINCT ELSE END EXCEPT EXCLUDE
        EXISTS FALSE FILTER FIRST FOLLOWING FROM FULL GROUP HAVING ILIKE IN INNER INTERSECT INTERVAL IS JOIN LAST LEFT LIKE
        LIMIT NOT NULL NULLS OFFSET ON OR ORDER OUTER OVER PARTITION PIVOT PRECEDING QUALIFY RANGE REPLACE RIGHT ROWS SELECT
        SUMMARIZE THEN TRUE UNBOUNDED UNION UNPIVOT USING VALUES WHEN WHERE WINDOW WITH
        """,
    )
)
"""Of what DuckDB's grammar has, the words that questions are made of."""

_NAMED_AFTER = {"from", "join", "describe", "summarize", "update", "into", "table"}
_CLAUSES = _NAMED_AFTER | {
    *("select", "where", "group", "having", "order", "qualify", "limit", "on", "using", "union", "except", "intersect", "window"),
    *("left", "right", "inner", "outer", "full", "cross", "natural", "semi", "anti", "asof", "positional", "with", "values"),
}
_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")
Commands = Mapping[str, tuple[str, str]]


class Candidate(NamedTuple):
    """What could be written: the text that replaces the word at the cursor, the name that is shown, and what it means."""

    text: str
    shown: str
    meaning: str


def word_before(text: str) -> str:
    """Give the word that ends a text, with what stands before its dots and with its quotation marks; it may be empty."""
    word = ""
    for piece in reversed([*tokens(text)]):
        if piece.kind not in ("word", "name") and piece.text != "." and not _is_open_name(piece):
            break
        word = piece.text + word
    return word


def candidates(before: str, after: str, names: Names, commands: Commands) -> list[Candidate]:
    """Give what could stand at the cursor, the likeliest first.

    Args:
        before: the text before the cursor.
        after: the text behind it, which may name the tables.
        names: of the warehouse.
        commands: of the shell, each with its argument and what it does.
    """
    if before.lstrip().startswith("."):
        return _of_a_command(before.lstrip(), names, commands)
    pieces = list(tokens(before))
    if pieces and _says_nothing(pieces[-1]):
        return []
    word = word_before(before)
    start = max((piece.start + 1 for piece in pieces if piece.kind == "end"), default=0)
    sought = _sought(before[start : len(before) - len(word)])
    used = dict(_used(f"{before[start : len(before) - len(word)]} _ {_statement(after)}", names))
    relations = [Candidate(_written(each), each.address, each.meaning) for each in names.relations]
    functions = [Candidate(name, f"{name}()", "") for name in names.functions]
    if sought == "relation":
        return _matching(word, relations) or _matching(word, functions)
    if "." in word:
        return _matching(word, _columns(used, names, word.rpartition(".")[0])) or _matching(word, relations)
    columns = [*_columns(used, names, "")] if used or sought == "column" else []
    aliases = [Candidate(alias, alias, relation.address) for alias, relation in used.items()]
    found = [_matching(word, group) for group in (columns, aliases, _keywords(word), functions, relations)]
    return [each for group in found for each in group]


def _says_nothing(piece: Token) -> bool:
    """Whether what is typed is a text or a remark, in which no name stands; an open quotation mark begins a name."""
    return piece.kind in ("text", "comment") or (piece.kind == "open" and not _is_open_name(piece))


def _is_open_name(piece: Token) -> bool:
    return piece.kind == "open" and piece.text.startswith('"')


def _statement(after: str) -> str:
    """Give what follows the cursor within its statement."""
    return after[: next((piece.start for piece in tokens(after) if piece.kind == "end"), len(after))]


def _of_a_command(line: str, names: Names, commands: Commands) -> list[Candidate]:
    command, space, argument = line.partition(" ")
    if not space:
        return [Candidate(name, name, meaning) for name, (_, meaning) in commands.items() if name.startswith(command)]
    takes = commands.get(command, ("", ""))[0]
    if "|" in takes:
        return _matching(argument, (Candidate(each, each, "") for each in takes.split("|")))
    if command not in (".schema", ".tables"):
        return []
    schemas = [Candidate(each, each, "") for each in dict.fromkeys(relation.schema for relation in names.relations)]
    relations = [Candidate(each.address, each.address, each.meaning) for each in names.relations]
    return _matching(argument, [*schemas, *relations])


def _sought(before: str) -> str:
    """Give what the words before the cursor ask for: `relation`, `column`, or an empty string for anything."""
    words = [piece for piece in tokens(before) if piece.kind not in ("space", "comment")]
    clause = next((piece.text.lower() for piece in reversed(words) if piece.text.lower() in _CLAUSES), "")
    last = words[-1].text.lower() if words else ""
    if last in _NAMED_AFTER or (last == "," and clause in _NAMED_AFTER):
        return "relation"
    return "column" if clause and clause not in _NAMED_AFTER else ""


def _used(statement: str, names: Names) -> Iterator[tuple[str, Relation]]:
    """Give the relations that a statement names, each with the name that it has in there."""
    words = [piece.text for piece in tokens(statement) if piece.kind not in ("space", "comment")]
    clause = ""
    for place, word in enumerate(words):
        if word.lower() in _CLAUSES:
            clause = word.lower()
        if word.lower() not in ("from", "join") and not (word == "," and clause in ("from", "join")):
            continue
        end = place + 2
        while words[end : end + 1] == ["."] and end + 1 < len(words):
            end += 2
        found = names.called("".join(words[place + 1 : end]))
        rest = [each for each in words[end : end + 2] if each.lower() != "as"]
        named = bool(rest) and _PLAIN.fullmatch(rest[0].lower()) and rest[0] != "_" and rest[0].upper() not in KEYWORDS
        if len(found) == 1:
            yield (rest[0] if named and rest[0].lower() not in _CLAUSES else found[0].name), found[0]


def _columns(used: dict[str, Relation], names: Names, qualifier: str) -> Iterator[Candidate]:
    """Give the columns of the relations that are named, or of all where none is; with the qualifier before them."""
    if qualifier:
        relations: Iterable[Relation] = [used[qualifier]] if qualifier in used else names.called(qualifier)
    else:
        relations = used.values() or names.relations
    seen = set()
    for relation in relations:
        for column in relation.columns:
            if column.name not in seen:
                seen.add(column.name)
                yield _column(column, qualifier)


def _column(column: Column, qualifier: str) -> Candidate:
    written = _quoted(column.name)
    return Candidate(f"{qualifier}.{written}" if qualifier else written, column.name, f"{column.meaning} [{column.dtype}]")


def _keywords(word: str) -> list[Candidate]:
    written = KEYWORDS if not word.islower() else tuple(each.lower() for each in KEYWORDS)
    return [Candidate(each, each, "") for each in written]


def _written(relation: Relation) -> str:
    return f"{_quoted(relation.schema)}.{_quoted(relation.name)}"


def _quoted(name: str) -> str:
    return name if _PLAIN.fullmatch(name) else '"' + name.replace('"', '""') + '"'


def _matching(word: str, found: Iterable[Candidate]) -> list[Candidate]:
    """Give the candidates that a word may stand for: those that begin with it, then those whose name does, then a part of it."""
    part = re.escape(word.lower().replace('"', ""))
    ranks = [re.compile(part), re.compile(rf".*\.{part}"), re.compile(rf".*[_\s]{part}")]
    ranked = [(rank, each) for each in found if (rank := _rank(each.text.lower().replace('"', ""), ranks)) < len(ranks)]
    return [each for _, each in sorted(ranked, key=lambda pair: pair[0])]


def _rank(text: str, ranks: Sequence[re.Pattern[str]]) -> int:
    return next((place for place, pattern in enumerate(ranks) if pattern.match(text)), len(ranks))
