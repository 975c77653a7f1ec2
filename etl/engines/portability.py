"""Check that rules mean the same on every engine, and write them for an engine.

narwhals has no public way to take an expression apart, so this module, and no other, reads the nodes of its expressions; what
they are is held by `tests/test_engine_conformance.py`. A node that was not seen to mean the same is refused with what to write
instead.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from typing import Any

import narwhals.stable.v1 as nw
from narwhals.dtypes import DType

from etl.catalogue import RegisterEntry
from etl.engines.protocol import Differences
from etl.errors import ProjectError
from etl.registers.reader import RegisterReader
from etl.registers.row_tests import row_tests, with_inner
from schemas.registers import Day, Money, columns
from schemas.texts import Text, joined

_VERDICTS = {
    "__and__", "__or__", "__invert__", "__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "is_null", "is_in",
    "is_between", "all_horizontal", "any_horizontal", "str.contains", "str.starts_with", "str.ends_with",
}  # fmt: skip
"""Nodes whose result is true or false."""

SAME = _VERDICTS | {
    "col", "lit", "when_then", "__add__", "__sub__", "__rsub__", "fill_null", "cast", "alias", "max_horizontal", "min_horizontal",
    "concat_str", "str.len_chars", "str.slice", "dt.year", "dt.month", "dt.day",
}  # fmt: skip
"""Nodes of rows that were seen to mean the same on polars, DuckDB and Spark."""

OF_GROUPS = {"len", "sum", "count", "min", "max", "n_unique"}
"""Nodes of groups of which the same holds."""

_NO_ORDER = Text(
    "make it a rule of groups: the rows of a register have no neighbours on an engine that reads them in parts",
    "请改为分组规则：引擎分块读取登记簿，行与行之间没有相邻关系",
)
_NO_PRODUCT = Text(
    "compare sums: engines keep different digits of a product or a quotient, or none where it has too many",
    "请比较合计：各引擎对乘积或商保留的位数不同，位数过多时没有结果",
)
_BOUNDS = Text("hold the value to bounds: engines round a half up or to even", "请改用上下限：各引擎对半数的舍入不同")
_OF_PARTS = Text(
    "constraint it of the sum and the count of a group, which come to the same in whatever order they are added up",
    "请改用分组的合计与个数，其结果与相加的顺序无关",
)
_CASE = Text(
    "list the spellings with is_in: letters change case by the rules of a place",
    "请用 is_in 列出各种写法：大小写转换因地区设置而异",
)
INSTEAD = {
    "map_batches": Text(
        "write it as an expression; Python code runs on one machine only", "请写成表达式；Python 代码只能在一台机器上运行"
    ),
    "dt.weekday": Text(
        "number the day yourself, or give the day of the week a column: engines count Sunday as 7 or as 0",
        "请自行编号，或把星期另设一列：各引擎将星期日记为 7 或 0",
    ),
    "is_nan": Text("a register has no column in which a value is not a number", "登记簿的列中没有非数值（NaN）"),
    **dict.fromkeys(("round", "floor", "ceil"), _BOUNDS),
    **dict.fromkeys(("__mul__", "__rmul__", "__truediv__", "__rtruediv__", "__floordiv__", "__mod__"), _NO_PRODUCT),
    **dict.fromkeys(("is_unique", "over", "is_duplicated", "is_first_distinct", "shift", "cum_sum", "rank", "diff"), _NO_ORDER),
    **dict.fromkeys(("min", "max", "sum", "count"), _NO_ORDER),
    **dict.fromkeys(("mean", "median"), _OF_PARTS),
    **dict.fromkeys(("str.to_lowercase", "str.to_uppercase"), _CASE),
}
_UNKNOWN = Text(
    "it was not seen to mean the same everywhere; write it with comparisons, is_in, str.contains and dt.year",
    "尚未确认各引擎含义一致；请改用比较、is_in、str.contains 与 dt.year",
)
_CLASSES = re.compile(r"\\[dDwWsSbBpPhHvVRX]|\[\^?[^\]\\]*\[|\(\?[a-zA-Z-]|\(\?[=!<]|\\[1-9]|\\k|[+*?}]\+|&&")


def refuse_unportable(entry: RegisterEntry, engine: str, differences: Differences) -> None:
    """Refuse a register with a rule that does not mean the same on an engine.

    Raises:
        ProjectError: it says which, why, and what to write instead.
    """
    faults = list(_faults(entry, differences))
    if faults:
        listed = joined(dict.fromkeys(faults), Text("; ", "；"))
        raise ProjectError(
            f"{entry.address} cannot be checked by --engine {engine}: {listed.en}. --engine polars checks it as it is.",
            f"--engine {engine} 无法检查 {entry.address}：{listed.zh}。--engine polars 可以直接检查。",
        )


def _faults(entry: RegisterEntry, differences: Differences) -> Iterator[Text]:
    kinds = {column.name: type(column.dtype) for column in columns(entry.model)}
    for test in row_tests(entry.model, RegisterReader(entry, ()).names):
        if test.holds is None:
            yield Text(
                f"the rule {test.rule.id} is Python code or polars' own, not an expression; write it as one of narwhals",
                f"规则 {test.rule.id} 是 Python 代码或 polars 自有写法，不是表达式；请写成 narwhals 表达式",
            )
        else:
            found = unsupported_nodes(test.holds, differences, kinds=kinds)
            yield from (_of_rule(test.rule.id, fault) for fault in found)
    for group in entry.model.__groups__:
        for measure in group.measures.values():
            found = unsupported_nodes(measure, differences, SAME | OF_GROUPS, kinds=kinds)
            yield from (_of_rule(group.rule.id, fault) for fault in found)


def _of_rule(rule: str, fault: Text) -> Text:
    return Text(f"the rule {rule} ", f"规则 {rule} ") + fault


def unsupported_nodes(
    expression: nw.Expr, differences: Differences, allowed: Set[str] = SAME, *, kinds: Mapping[str, type]
) -> Iterator[Text]:
    """List nodes that this engine evaluates differently, with a portable replacement."""
    of_kinds: set[type] = set()
    before = ""
    for node in expression._nodes:
        name = node.name
        if name == "col":
            of_kinds |= {kinds[column] for column in node.kwargs.get("names", ()) if column in kinds}
        if name in differences.refused or name not in allowed:
            yield Text(f"uses {name}; ", f"使用了 {name}；") + (differences.refused.get(name) or INSTEAD.get(name) or _UNKNOWN)
        if name == "cast":
            yield from _cast_faults(node.kwargs["dtype"], of_kinds)
        if name in {"__add__", "__sub__", "__rsub__"} and before == "col" and Day in of_kinds:
            yield Text(
                "computes with days; compare the days themselves, or their years with dt.year: engines differ in spans",
                "对日期作加减；请直接比较日期，或用 dt.year 比较年份：各引擎计算时间间隔的方式不同",
            )
        if name == "fill_null" and node.kwargs.get("strategy"):
            yield Text("fills from neighbours; ", "以相邻行填补；") + _NO_ORDER
        if _is_pattern(node):
            yield from _pattern_faults(node.exprs)
        for inner in node.exprs:
            if isinstance(inner, nw.Expr):
                yield from unsupported_nodes(inner, differences, allowed, kinds=kinds)
        before = name


def _cast_faults(dtype: Any, kinds: set[type]) -> Iterator[Text]:
    kind = dtype if isinstance(dtype, type) else type(dtype)
    if not issubclass(kind, DType):
        return
    if Money in kinds:
        yield Text(
            "casts an amount; compare it as it is: engines cut or round what is behind the point",
            "转换了金额的类型；请直接比较：各引擎对小数部分截断或舍入",
        )
    elif kind.is_float():
        yield Text(
            "casts to a number with a point; amounts are exact decimals, and engines differ in the rest",
            "转换为浮点数；金额为精确小数，其余数值各引擎不同",
        )


def _is_pattern(node: Any) -> bool:
    return node.name == "str.contains" and not node.kwargs.get("literal")


def _pattern_faults(patterns: Iterable[object]) -> Iterator[Text]:
    for pattern in patterns:
        if not isinstance(pattern, str):
            yield Text("has a pattern that is not written out; write it in the rule", "的正则表达式没有直接写出；请写在规则中")
        elif found := _CLASSES.search(pattern):
            yield Text(
                f"has the pattern {pattern!r}; write out what {found[0]} stands for, such as [0-9]: engines differ in it",
                f"含正则表达式 {pattern!r}；请将 {found[0]} 写成具体字符，如 [0-9]：各引擎的解释不同",
            )


def write_for(expression: nw.Expr, differences: Differences, flags: Collection[str] = ()) -> nw.Expr:
    """Write an expression so that it means the same on an engine; `flags` are Boolean."""
    nodes: list[Any] = []
    for node in expression._nodes:
        if node.name == "sum" and not differences.sums_flags and _is_verdict(nodes[-1], flags):
            nodes += nw.col("x").cast(nw.Int64)._nodes[1:]
        inner = []
        for each in node.exprs:
            if isinstance(each, nw.Expr):
                each = write_for(each, differences, flags)
            elif isinstance(each, str) and _is_pattern(node) and differences.ends_at_line_break:
                each = java_pattern(each)
            inner.append(each)
        nodes.append(with_inner(node, inner))
    return type(expression)(*nodes)


def _is_verdict(node: Any, flags: Collection[str]) -> bool:
    """Tell whether the result of a node is true or false: a flag, or a comparison."""
    return set(node.kwargs.get("names", ())) <= set(flags) if node.name == "col" else node.name in _VERDICTS


def java_pattern(pattern: str) -> str:
    """Write a pattern for Java, where `$` and `.` treat line breaks differently."""
    return _TOKENS.sub(lambda token: _IN_JAVA.get(token[0], token[0]), pattern)


_TOKENS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[$.]", re.DOTALL)
_IN_JAVA = {"$": r"\z", ".": r"[^\n]"}
