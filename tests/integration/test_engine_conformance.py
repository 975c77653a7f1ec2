"""Compare each node of rules on an engine and on polars; other nodes are refused."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from types import new_class
from typing import Any

import narwhals.stable.v1 as nw
import pandera.polars as pa
import polars as pl
import pytest
from on_engines import ENGINE, by, only_on_duckdb, the_engine
from register_models import FLOW, MEANING
from register_projects import PLEDGES, csv_of, pledge, with_files

from etl.catalogue import PACKAGE, RegisterEntry
from etl.engines.portability import OF_GROUPS, SAME, java_pattern, refuse_unportable, unsupported_nodes, write_for
from etl.engines.protocol import Differences
from etl.errors import ProjectError
from etl.registers.reader import RegisterReader
from etl.registers.row_tests import row_tests
from schemas.flows import of_groups
from schemas.models import rule
from schemas.registers import Day, Identifier, Money, Register
from schemas.rules import condition, within

S, T, D, E, M, B, C, N = (nw.col(name) for name in ("s", "t", "d", "e", "m", "b", "c", "n"))
TEXTS = ["a", "ab", "", "é", "e\u0301", "甲乙", "a\n", "A", "a b", "😀x", "\r", None]
DAYS = [date(2024, 2, 29), date(2031, 1, 5), date(1900, 1, 1), date(2100, 12, 31), date(2030, 12, 29), None]
AMOUNTS = [*map(Decimal, ("0", "-0.01", "0.01", "9999999999999999.99", "-1", "2.5", "3.5", "1", "1", "1", "0")), None]
FRAME = pl.DataFrame(
    {
        "id": range(12),
        "s": TEXTS,
        "t": [*TEXTS[3:], *TEXTS[:3]],
        "d": [*DAYS, *DAYS],
        "e": [*DAYS[3:], *DAYS[:3], *DAYS],
        "m": pl.Series(AMOUNTS, dtype=pl.Decimal(18, 2)),
        "b": [True, False, None] * 4,
        "c": [True] * 4 + [False] * 4 + [None] * 4,
        "n": [*range(-5, 5), None, 2**53],
    }
)  # fmt: skip

EXPRESSIONS: dict[str, nw.Expr] = {
    "comparisons of texts": (S == T) | (S != T) & (S < T) | (S >= T) & (S > "a") | (S <= "é"),
    "a text is less": S < T,
    "a text is not another": S != T,
    "days in order": D >= E,
    "a day after another": D > E,
    "amounts": (M > 0) & (M <= 3) | (nw.lit(Decimal("2.5")) == M),
    "sums of amounts": (M + M) <= M,
    "less an amount": (M - M) == 0,
    "a number less another": (1 - N) >= (N + 1),
    "one more": (1 + N) > (N + N),
    "and of blanks": B & C,
    "or of blanks": B | C,
    "not": ~B,
    "blank": S.is_null(),
    "both blank": D.is_null() == E.is_null(),
    "in a list": S.is_in(["a", "é", "甲乙"]),
    "not in a list": ~S.is_in(["a", ""]),
    "between": M.is_between(0, 1),
    "where": nw.when(B).then(C),
    "where not, otherwise": nw.when(~B).then(C).otherwise(nw.lit(True)),
    "filled": B.fill_null(True),
    "all of": nw.all_horizontal(B, C, ignore_nulls=False),
    "any of": nw.any_horizontal(B, C, ignore_nulls=False),
    "the later day": nw.max_horizontal(D, E) == D,
    "the earlier day": nw.min_horizontal(D, E) == D,
    "a pattern": S.str.contains("^[^a]+$"),
    "a pattern of any": S.str.contains("^a.$"),
    "a pattern of alternatives": S.str.contains("^(?:a|甲)(?:b|乙){0,2}$"),
    "a pattern at the end": S.str.contains("[ab]$"),
    "a text within": S.str.contains("a", literal=True),
    "starts": S.str.starts_with("a"),
    "ends": S.str.ends_with("b"),
    "length": S.str.len_chars() <= 1,
    "slice": S.str.slice(0, 1) == T.str.slice(1, 1),
    "slice from": S.str.slice(1) == "b",
    "year": D.dt.year() == 2031,
    "month": D.dt.month() >= E.dt.month(),
    "day": D.dt.day() == 29,
    "year as text": D.dt.year().cast(nw.String) == "2031",
    "flag as number": B.cast(nw.Int64) + 1 > 1,
    "put together": nw.concat_str(S.fill_null("?"), T.fill_null("?"), separator=":") == "a:é",
    "named": (S == "a").alias("other"),
}  # fmt: skip
MEASURES: dict[str, nw.Expr] = {
    "rows": nw.len(),
    "sum": N.sum(),
    "sum of amounts": M.sum(),
    "sum of flags": B.sum(),
    "sum of a condition": (M > 0).sum(),
    "filled cells": S.count(),
    "least": M.min(),
    "latest": D.max(),
    "different": S.n_unique(),
}


def words(expression: nw.Expr) -> set[str]:
    inner = (words(each) for node in expression._nodes for each in node.exprs if hasattr(each, "_nodes"))
    return {node.name for node in expression._nodes}.union(*inner)


def on_engine() -> Any:
    """Stage the frame on the engine, as the rows of a register are."""
    staged = the_engine()
    path = Path(staged.folder) / "conformance.parquet"
    path.parent.mkdir(exist_ok=True, parents=True)
    FRAME.write_parquet(path)
    return nw.from_native(staged.engine.scan([str(path)]))


@pytest.mark.engine
def test_every_word_of_rows_is_as_on_polars() -> None:
    differences = the_engine().engine.differences
    written = {f"v{at}": write_for(each, differences, ["b", "c"]) for at, each in enumerate(EXPRESSIONS.values())}
    plain = {f"v{at}": each for at, each in enumerate(EXPRESSIONS.values())}
    expected = nw.from_native(FRAME).with_columns(**plain).to_native()
    found = the_engine().engine.fetch(on_engine().with_columns(**written).to_native()).sort("id")
    differing = {
        name: (expected[f"v{at}"].to_list(), found[f"v{at}"].to_list())
        for at, name in enumerate(EXPRESSIONS)
        if expected[f"v{at}"].to_list() != found[f"v{at}"].to_list()
    }
    assert differing == {}


@pytest.mark.engine
def test_every_word_of_groups_is_as_on_polars() -> None:
    differences = the_engine().engine.differences
    written = {f"v{at}": write_for(each, differences, ["b", "c"]) for at, each in enumerate(MEASURES.values())}
    plain = {f"v{at}": each for at, each in enumerate(MEASURES.values())}
    expected = nw.from_native(FRAME).group_by("c").agg(**plain).to_native().sort("c")
    found = the_engine().engine.fetch(on_engine().group_by("c").agg(**written).to_native()).sort("c")
    for at, name in enumerate(MEASURES):
        ours = found[f"v{at}"].cast(expected[f"v{at}"].dtype).to_list()
        assert ours == expected[f"v{at}"].to_list(), name


@only_on_duckdb
def test_no_word_is_allowed_that_is_not_held_to_polars() -> None:
    assert set().union(*map(words, EXPRESSIONS.values())) == SAME
    assert set().union(*map(words, MEASURES.values())) >= OF_GROUPS
    for expression in EXPRESSIONS.values():
        assert not list(unsupported_nodes(expression, Differences(), kinds=KINDS))


@only_on_duckdb
def test_the_rules_of_all_registers_mean_the_same_everywhere() -> None:
    for entry in PACKAGE.registers():
        refuse_unportable(entry, ENGINE, the_engine().engine.differences)
        assert all(
            words(test.holds) <= SAME
            for test in row_tests(entry.model, RegisterReader(entry, ()).names)
            if test.holds is not None
        )


KINDS: dict[str, type] = {"m": Money, "d": Day, "e": Day}
REFUSED = {
    "round": (M.round(0) == 1, "bounds"),
    "the day of the week": (D.dt.weekday() == 7, "Sunday as 7 or as 0"),
    "digits": (S.str.contains(r"^\d+$"), r"[0-9]"),
    "letters": (S.str.contains(r"^\w$"), r"write out what \w stands for"),
    "of no case": (S.str.contains("(?i)a"), "write out"),
    "a class in a class": (S.str.contains("[a[b]]"), "write out"),
    "look ahead": (S.str.contains("a(?=b)"), "write out"),
    "possessive": (S.str.contains("a++"), "write out"),
    "small letters": (S.str.to_lowercase() == "a", "is_in"),
    "quotient": (M / 2 > 1, "compare sums"),
    "product": (M * 2 > 1, "compare sums"),
    "rest": (N % 2 == 0, "compare sums"),
    "amount to whole": (M.cast(nw.Int64) > 1, "behind the point"),
    "number to float": (N.cast(nw.Float64) > 1, "exact decimals"),
    "days between": (timedelta(3) < (D - E), "compare the days"),
    "neighbours": (N.shift(1) > N, "rule of groups"),
    "of all rows": (N.max() > N, "rule of groups"),
    "alone": (S.is_unique(), "rule of groups"),
    "python": (N.map_batches(lambda each: each) > 1, "Python code"),
    "something else": (S.str.replace_all("a", "b") == "b", "was not seen"),
}


@only_on_duckdb
@pytest.mark.parametrize("name", REFUSED)
def test_a_word_that_engines_take_otherwise_is_refused_with_what_to_write(name: str) -> None:
    expression, advice = REFUSED[name]
    faults = [*unsupported_nodes(nw.when(B).then(expression), Differences(), kinds=KINDS)]
    assert faults and advice in faults[0].en


def things(**more: Any) -> RegisterEntry:
    """Build a register with one rule of its own."""
    body: dict[str, Any] = {
        "__doc__": "Things. One row per thing.",
        "__annotations__": {"c0": Identifier, "m": Money, "opens": Day, "closes": Day},
    }
    body |= {name: pa.Field(nullable=True, metadata=MEANING) for name in ("m", "opens", "closes")}
    body["c0"] = pa.Field(metadata={**MEANING, "pattern": "^[a-b]+$"})
    groups = more.pop("groups", ())
    model: Any = new_class(
        "Things",
        (Register,),
        {"zh": "物", "key": ("c0",), "flow": FLOW, "groups": groups},
        lambda space: space.update(body | more),
    )
    return RegisterEntry("finance.things", model, lambda flow: flow)


def opens_on_a_sunday(cls: Any) -> Any:
    """Things open on Sundays."""
    return condition(nw.col("opens").dt.weekday() == 7, "opens")


OF_PYTHON = pa.check("c0", element_wise=True, name="short")(lambda cls, value: len(value) < 3)
NATIVE = pa.check("c0", name="in-polars")(lambda cls, data: data.lazyframe.select(pl.col(data.key) == "a"))
OF_GROUP = of_groups(
    "few-on-average", within("mean", 5), zh="少", reason="Few.", by=("area",), measures={"mean": nw.col("m").median()}
)


@only_on_duckdb
@pytest.mark.parametrize(
    ("more", "named", "advice"),
    [
        ({"opens_on_a_sunday": rule(zh="日")(opens_on_a_sunday)}, "opens-on-a-sunday", "number the day yourself"),
        ({"own": OF_PYTHON}, "short", "write it as one of narwhals"),
        ({"own": NATIVE}, "in-polars", "write it as one of narwhals"),
        ({"groups": (OF_GROUP,)}, "few-on-average", "the sum and the count"),
    ],
)
def test_a_register_with_a_rule_that_is_not_portable_is_refused_at_load(more: dict[str, Any], named: str, advice: str) -> None:
    with pytest.raises(ProjectError, match=r"finance.things cannot be checked by --engine duckdb") as refused:
        refuse_unportable(things(**more), "duckdb", Differences())
    assert f"the rule {named} " in str(refused.value)
    assert advice in str(refused.value)


@only_on_duckdb
def test_a_pattern_is_written_for_java_so_that_it_means_the_same() -> None:
    assert java_pattern(r"^a.b$") == r"^a[^\n]b\z"
    assert java_pattern(r"\$[$.]\.[]$]$") == r"\$[$.]\.[]$]\z"


@only_on_duckdb
def test_what_an_engine_says_of_its_failure_names_the_next_step(tmp_path: Path) -> None:
    engine = the_engine()
    project = with_files(tmp_path, {"raw/finance/pledges_register.csv": csv_of(pledge(1))})
    partition = by(engine, project).partition
    assert partition is not None
    for path in Path(engine.folder).glob(f"{PLEDGES}/*"):
        path.unlink()
    with pytest.raises(ProjectError, match=r"Nothing was published\. Run the same command again"):
        partition.durations()
