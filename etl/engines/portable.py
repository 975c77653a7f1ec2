"""Which expressions mean the same on every engine, and how those are written that an engine would take otherwise.

Rules are narwhals' expressions, whose words can be read one by one. A word that was not seen to mean the same is refused with
what to write instead: an engine that comes to something else by a hair would be worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import narwhals.stable.v1 as nw
from narwhals.dtypes import DType

from etl.catalogue import RegisterEntry
from etl.engines.protocol import Differences
from etl.errors import ProjectError
from etl.registers.one_pass import Test, tests
from etl.registers.reading import Reading
from schemas.registers import Day, Flag, Money, columns

SAME = {
    "col", "lit", "when_then", "__and__", "__or__", "__invert__", "__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__",
    "__add__", "__sub__", "__rsub__", "is_null", "is_in", "is_between", "fill_null", "cast", "alias",
    "all_horizontal", "any_horizontal", "max_horizontal", "min_horizontal",
    "concat_str", "str.contains", "str.starts_with", "str.ends_with",
    "str.len_chars", "str.slice", "dt.year", "dt.month", "dt.day",
}  # fmt: skip
"""Words of rows that were seen to mean the same on polars, DuckDB and Spark."""

OF_GROUPS = {"len", "sum", "count", "min", "max", "n_unique"}
"""Words of groups of which the same holds."""

_NO_ORDER = "make it a rule of groups: the rows of a register have no neighbours on an engine that reads them in parts"
_NO_PRODUCT = "compare sums: engines keep different digits of a product or a quotient, or none where it has too many"
_BOUNDS = "hold the value to bounds: engines round a half up or to even"
_OF_PARTS = "claim it of the sum and the count of a group, which come to the same in whatever order they are added up"
INSTEAD = {
    "round": _BOUNDS, "floor": _BOUNDS, "ceil": _BOUNDS,
    "__mul__": _NO_PRODUCT, "__rmul__": _NO_PRODUCT, "__truediv__": _NO_PRODUCT,
    "__rtruediv__": _NO_PRODUCT, "__floordiv__": _NO_PRODUCT, "__mod__": _NO_PRODUCT,
    "map_batches": "write it as an expression; Python code runs on one machine only",
    "dt.weekday": "number the day yourself, or give the day of the week a column: engines count Sunday as 7 or as 0",
    "is_nan": "a register has no column in which a value is not a number", "is_unique": _NO_ORDER, "over": _NO_ORDER,
    "is_duplicated": _NO_ORDER, "is_first_distinct": _NO_ORDER, "shift": _NO_ORDER, "cum_sum": _NO_ORDER, "rank": _NO_ORDER,
    "diff": _NO_ORDER, "min": _NO_ORDER, "max": _NO_ORDER, "mean": _OF_PARTS, "sum": _NO_ORDER, "count": _NO_ORDER,
    "str.to_lowercase": "list the spellings with is_in: letters change case by the rules of a place",
    "str.to_uppercase": "list the spellings with is_in: letters change case by the rules of a place",
    "median": _OF_PARTS,
}  # fmt: skip
_CLASSES = re.compile(r"\\[dDwWsSbBpPhHvVRX]|\[\^?[^\]\\]*\[|\(\?[a-zA-Z-]|\(\?[=!<]|\\[1-9]|\\k|[+*?}]\+|&&")


def refuse_unportable(entry: RegisterEntry, engine: str, differences: Differences) -> None:
    """See that every rule of a register means the same on an engine.

    Raises:
        ProjectError: one does not; it says which, why, and what to write instead.
    """
    faults = list(_faults(entry, differences))
    if faults:
        listed = "; ".join(dict.fromkeys(faults))
        raise ProjectError(
            f"{entry.address} cannot be checked by --engine {engine}: {listed}. --engine polars checks it as it is."
        )


def _faults(entry: RegisterEntry, differences: Differences) -> Iterator[str]:
    model = entry.model
    kinds = {column.name: type(column.dtype) for column in columns(model)}
    for test in tests(model, Reading(entry, ()).names):
        if test.holds is None:
            yield f"the rule {test.rule.id} is Python code or polars' own, not an expression; write it as one of narwhals"
        else:
            yield from (f"the rule {test.rule.id} {fault}" for fault in faults_of(test.holds, differences, kinds=kinds))
    for group in model.__groups__:
        for measure in group.measures.values():
            found = faults_of(measure, differences, SAME | OF_GROUPS, kinds=kinds)
            yield from (f"the rule {group.rule.id} {fault}" for fault in found)


def faults_of(
    expression: nw.Expr, differences: Differences, allowed: Iterable[str] = SAME, *, kinds: Mapping[str, type]
) -> Iterator[str]:
    """Give what of an expression would come to something else, and what to write instead.

    Args:
        expression: a rule's.
        differences: of the engine.
        allowed: words that mean the same.
        kinds: of the columns.
    """
    of_kinds: set[type] = set()
    before = ""
    for node in expression._nodes:
        word = node.name
        if word == "col":
            of_kinds |= {kinds[name] for name in node.kwargs.get("names", ()) if name in kinds}
        if word in differences.refused or word not in set(allowed):
            yield f"uses {word}; {differences.refused.get(word) or INSTEAD.get(word) or _UNKNOWN}"
        if word == "cast":
            yield from _cast_faults(node.kwargs["dtype"], of_kinds)
        if word in {"__add__", "__sub__", "__rsub__"} and before == "col" and Day in of_kinds:
            yield "computes with days; compare the days themselves, or their years with dt.year: engines differ in spans"
        if word == "fill_null" and node.kwargs.get("strategy"):
            yield f"fills from neighbours; {_NO_ORDER}"
        if word == "str.contains" and not node.kwargs.get("literal"):
            yield from _pattern_faults(node)
        for inner in _expressions(node):
            yield from faults_of(inner, differences, allowed, kinds=kinds)
        before = word


def _expressions(node: Any) -> Iterator[nw.Expr]:
    return (inner for inner in node.exprs if hasattr(inner, "_nodes"))


_UNKNOWN = "it was not seen to mean the same everywhere; write it with comparisons, is_in, str.contains and dt.year"


def _cast_faults(dtype: Any, kinds: set[type]) -> Iterator[str]:
    kind = dtype if isinstance(dtype, type) else type(dtype)
    if not issubclass(kind, DType):
        return
    if Money in kinds:
        yield "casts an amount; compare it as it is: engines cut or round what is behind the point"
    elif kind.is_float():
        yield "casts to a number with a point; amounts are exact decimals, and engines differ in the rest"


def _pattern_faults(node: Any) -> Iterator[str]:
    for pattern in node.exprs:
        if not isinstance(pattern, str):
            yield "has a pattern that is not written out; write it in the rule"
        elif found := _CLASSES.search(pattern):
            yield f"has the pattern {pattern!r}; write out what {found[0]} stands for, such as [0-9]: engines differ in it"


def written_for(expression: nw.Expr, differences: Differences, flags: Iterable[str] = ()) -> nw.Expr:
    """Give an expression as it is written for an engine.

    Args:
        expression: a rule's.
        differences: of the engine.
        flags: columns that say yes or no.
    """
    nodes: list[Any] = []
    for node in expression._nodes:
        if node.name == "sum" and not differences.sums_flags and _is_flag(nodes, set(flags)):
            nodes += nw.col("x").cast(nw.Int64)._nodes[1:]
        inner = [_inner(each, node, differences, flags) for each in node.exprs]
        nodes.append(_with_inner(node, inner))
    return type(expression)(*nodes)


def _is_flag(nodes: list[Any], flags: set[str]) -> bool:
    """Whether what comes before a sum says yes or no: a flag, or a comparison."""
    last = nodes[-1]
    if last.name == "col":
        return set(last.kwargs.get("names", ())) <= flags
    return last.name in _COMPARISONS


_COMPARISONS = {
    "__and__", "__or__", "__invert__", "__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "is_null", "is_in",
    "is_between", "all_horizontal", "any_horizontal", "str.contains", "str.starts_with", "str.ends_with",
}  # fmt: skip


def _inner(each: Any, node: Any, differences: Differences, flags: Iterable[str]) -> Any:
    if hasattr(each, "_nodes"):
        return written_for(each, differences, flags)
    is_pattern = node.name == "str.contains" and not node.kwargs.get("literal") and isinstance(each, str)
    return in_java(each) if is_pattern and differences.ends_at_line_break else each


def in_java(pattern: str) -> str:
    """Give a pattern as Java reads it alike: there `$` fits before a last line break, and `.` is none of several."""
    return _TOKENS.sub(lambda token: _IN_JAVA.get(token[0], token[0]), pattern)


_TOKENS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[$.]", re.DOTALL)
_IN_JAVA = {"$": r"\z", ".": r"[^\n]"}


def _with_inner(node: Any, inner: list[Any]) -> Any:
    if all(one is other for one, other in zip(inner, node.exprs, strict=True)):
        return node
    options = {"str_as_lit": node.str_as_lit, "allow_multi_output": node.allow_multi_output, **node.kwargs}
    return type(node)(node.kind, node.name, exprs=tuple(inner), **options)


def written_tests(found: Iterable[Test], differences: Differences, flags: Iterable[str]) -> list[nw.Expr | None]:
    """Give the expressions of tests as they are written for an engine."""
    return [None if test.holds is None else written_for(test.holds, differences, flags) for test in found]


def flags_of(entry: RegisterEntry) -> list[str]:
    """Give the columns of a register that say yes or no."""
    return [column.name for column in columns(entry.model) if isinstance(column.dtype, Flag)]
