"""Report mutation testing: scores, survivors, and figures without a rule."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import polars as pl

from etl.escape import escape_json
from etl.figures.transcription_errors import KINDS
from etl.mutation.coverage import Coverage
from etl.mutation.mutants import CellMutant, RowMutant
from etl.mutation.mutate import MutantVerdict
from etl.tables.parse import ParsedTable
from etl.text_table import format_table
from schemas.binding import CellRef
from schemas.texts import Language, Text

if TYPE_CHECKING:
    from etl.mutation.run import MutationRun

ROW_KINDS = {
    "row-dropped": Text("the row were missing", "缺少该行"),
    "row-doubled": Text("the row stood twice", "该行重复"),
    "key-changed": Text("the row were of another {column}, {text}", "该行的 {column} 误作 {text}"),
}
_KINDS_ZH = {
    **{kind: text.zh for kind, text in KINDS.items()},
    "row-dropped": "缺少一行",
    "row-doubled": "一行重复",
    "key-changed": "行键错误",
}


@dataclass(frozen=True, slots=True)
class Score:
    """Number of mutants in a group, and of those killed."""

    mutants: int
    killed: int

    @property
    def percent(self) -> float:
        """Percentage of the mutants that are killed; 100 where there are none."""
        return 100 * self.killed / self.mutants if self.mutants else 100.0


def counted(verdicts: Iterable[MutantVerdict], cite: bool) -> list[MutantVerdict]:
    """Return the verdicts that count.

    Without citations, mutants that say the same as the original do not.
    """
    return [each for each in verdicts if cite or not each.is_equivalent]


def score(verdicts: Iterable[MutantVerdict]) -> Score:
    """Compute the score of verdicts."""
    killed = [bool(each.killers) for each in verdicts]
    return Score(len(killed), sum(killed))


def by_group(verdicts: Iterable[MutantVerdict], group: Callable[[MutantVerdict], Iterable[str]]) -> dict[str, Score]:
    """Compute the score of each group of verdicts, in order of appearance."""
    groups: dict[str, list[MutantVerdict]] = {}
    for each in verdicts:
        for name in group(each):
            groups.setdefault(name, []).append(each)
    return {name: score(members) for name, members in groups.items()}


def by_domain(verdict: MutantVerdict) -> Iterator[str]:
    """Yield the domain of a verdict, as a group of `by_group`."""
    yield verdict.table.partition(".")[0]


def by_kind(verdict: MutantVerdict) -> Iterator[str]:
    """Yield the kind of error of a verdict, as a group of `by_group`."""
    yield verdict.mutant.kind


def by_rule(verdict: MutantVerdict) -> Iterator[str]:
    """Yield the rules that kill a mutant, as groups of `by_group`."""
    yield from verdict.killers


def score_table(scores: Mapping[str, Score], name: str, language: Language) -> str:
    """Format a table of scores."""
    titles = {"mutants": Text("mutants", "变异体"), "killed": Text("killed", "发现"), "score": Text("score", "得分")}
    rows = [
        {
            name: group,
            titles["mutants"].in_language(language): each.mutants,
            titles["killed"].in_language(language): each.killed,
            titles["score"].in_language(language): f"{each.percent:.1f}%",
        }
        for group, each in scores.items()
    ]
    return format_table(pl.DataFrame(rows))


def survivor_lines(verdicts: Iterable[MutantVerdict], tables: Mapping[str, ParsedTable], language: Language) -> Iterator[str]:
    """Yield a line for each surviving mutant."""
    for each in verdicts:
        if not each.killers:
            yield _survivor(each.mutant, tables, language)


def _survivor(mutant: CellMutant | RowMutant, tables: Mapping[str, ParsedTable], language: Language) -> str:
    if isinstance(mutant, RowMutant):
        raw = tables[mutant.table].raw
        what = ROW_KINDS[mutant.kind].in_language(language).format(column=mutant.column, text=mutant.text)
        return f"{raw.place(mutant.row)}: " + (f"若{what}，不会被发现" if language == "zh" else f"nothing would notice if {what}")
    ref, text = mutant.texts[0]
    raw = tables[ref.table].raw
    published, slip = raw.cells[ref.column][ref.row], KINDS[mutant.kind].in_language(language)
    shown = text if text is not None else ("空白" if language == "zh" else "blank")
    if language == "zh":
        return f"{raw.place(ref.row, ref.column)}: {ref.column} 若由 {published} 误作 {shown}（{slip}），不会被发现"
    return f"{raw.place(ref.row, ref.column)}: nothing would notice if {ref.column} were {shown}, not {published} ({slip})"


def coverage_table(found: Coverage, language: Language, width: int | None = None) -> str:
    """Format a table of the coverage by domain."""
    titles = [Text("domain", "领域"), Text("figures", "数字"), Text("held", "受规则约束"), Text("share", "占比")]
    names = [title.in_language(language) for title in titles]
    held: dict[str, list[bool]] = {}
    for ref, rules in found.held.items():
        held.setdefault(ref.table.partition(".")[0], []).append(bool(rules))
    rows = [(domain, len(each), sum(each), f"{found.share(domain):.1f}%") for domain, each in held.items()]
    rows.append(("", len(found.held), sum(map(bool, found.held.values())), f"{found.share():.1f}%"))
    return format_table(pl.DataFrame(rows, schema=names, orient="row"), width=width)


def unheld_lines(found: Coverage, tables: Mapping[str, ParsedTable], language: Language) -> Iterator[str]:
    """Yield a line for each figure without a rule, and each column no rule names."""
    for ref, rules in found.held.items():
        if not rules:
            raw = tables[ref.table].raw
            what = Text("no rule holds", "没有规则约束").in_language(language)
            yield f"{raw.place(ref.row, ref.column)}: {what} {ref.column} {_text(ref, tables)}"


def _text(ref: CellRef, tables: Mapping[str, ParsedTable]) -> str:
    return tables[ref.table].raw.cells[ref.column][ref.row] or ""


def as_text(run: MutationRun, most: int, language: Language) -> str:
    """Write survivors, scores by domain, error and rule, and the total."""
    alive = islice(survivor_lines(run.verdicts, run.tables, language), most)
    titles = [Text("domain", "领域"), Text("slip", "笔误"), Text("rule", "规则")]
    groups = (by_domain, by_kind, by_rule)
    scores = (
        score_table(_named(by_group(run.verdicts, group), language), title.in_language(language), language)
        for title, group in zip(titles, groups, strict=True)
    )
    words = Text("mutants, {:.1f} % killed", "个变异体，发现 {:.1f}%").in_language(language).format(run.score.percent)
    return "\n".join([*alive, *scores, f"{run.score.mutants} {words}"])


def _named(scores: Mapping[str, Score], language: Language) -> Mapping[str, Score]:
    """Name the kinds of slips in Chinese; in English they, domains and rules are called as they are."""
    return {_KINDS_ZH.get(name, name): each for name, each in scores.items()} if language == "zh" else scores


def as_json(run: MutationRun, most: int, language: Language) -> str:
    """Write the score, and the scores by domain, error and rule, as JSON."""
    del language
    groups = {"domains": by_domain, "slips": by_kind, "rules": by_rule}
    report = {
        "mutants": run.score.mutants,
        "killed": run.score.killed,
        "score": run.score.percent,
        **{name: _as_records(by_group(run.verdicts, group)) for name, group in groups.items()},
        "survivors": list(islice(survivor_lines(run.verdicts, run.tables, "en"), most)),
    }
    return escape_json(json.dumps(report, ensure_ascii=False, indent=2))


def _as_records(scores: Mapping[str, Score]) -> dict[str, dict[str, float]]:
    return {name: {"mutants": each.mutants, "killed": each.killed, "score": each.percent} for name, each in scores.items()}
