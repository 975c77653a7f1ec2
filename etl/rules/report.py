"""Report on the lint of rules: the problems, and the extent of the check."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec

from etl.catalogue import Entry
from etl.escape import escape_json
from etl.rules.lint import Problem, lint
from etl.rules.systems import is_linear, problems_of_systems
from schemas.models import rules
from schemas.texts import Language, Text

_NO_SOLVER = Text(
    "not looked for, as scipy is not installed: rules that contradict or imply each other (pip install 'ip-bulletin-etl[lint]')",
    "未安装 scipy，未检查相互矛盾或可相互推出的规则（pip install 'ip-bulletin-etl[lint]'）",
)
_UNSOUND = Text(
    "not looked for, as there are errors already: rules that contradict or imply each other",
    "已有错误，未检查相互矛盾或可相互推出的规则",
)


@dataclass(frozen=True, slots=True)
class LintReport:
    """The lint of the rules of tables.

    Attributes:
        entries: the tables.
        problems: the defects of their rules.
        left_out: what was not checked, and why; None where all was.
    """

    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]
    left_out: Text | None

    @property
    def is_sound(self) -> bool:
        """Whether no rule has an error."""
        return all(problem.severity != "error" for problem in self.problems)


def lint_report(entries: Sequence[Entry]) -> LintReport:
    """Lint all rules; their systems only where each rule by itself is sound."""
    problems = lint(tuple(entries))
    left_out = _UNSOUND if problems else None if find_spec("scipy") else _NO_SOLVER
    if left_out is None:
        problems += tuple(problems_of_systems(entries))
    return LintReport(tuple(entries), problems, left_out)


def as_text(report: LintReport, language: Language) -> str:
    """Write a line for each problem, the extent of the check, and the verdict."""
    return "\n".join(_lines(report, language))


def as_markdown(report: LintReport, language: Language) -> str:
    """Write the same as a list."""
    return "\n".join(f"- {line}" for line in _lines(report, language))


def as_json(report: LintReport, language: Language) -> str:
    """Write the problems as JSON, in both languages."""
    del language
    left_out = report.left_out and report.left_out.en
    content = {"is_sound": report.is_sound, "problems": [asdict(each) for each in report.problems], "left_out": left_out}
    return escape_json(json.dumps(content, ensure_ascii=False, indent=2))


def _lines(report: LintReport, language: Language) -> Iterator[str]:
    yield from (problem.line(language) for problem in report.problems)
    yield (report.left_out or _extent(report.entries)).in_language(language)
    yield _verdict(report.entries, report.problems).in_language(language)


def _extent(entries: Sequence[Entry]) -> Text:
    constraints = [rule.constraint for entry in entries for rule in rules(entry.model) if rule.constraint is not None]
    linear = sum(map(is_linear, constraints))
    return Text(
        f"{linear} of {len(constraints)} constraints are sums and differences, and were solved together for each kind of rows;"
        " products, quotients and whole numbers are beyond a linear program",
        f"{len(constraints)} 条规则中有 {linear} 条为和差关系，已按各类行联立求解；乘积、商与整数关系不在线性规划之内",
    )


def _verdict(entries: Sequence[Entry], problems: Sequence[Problem]) -> Text:
    number = sum(len(rules(entry.model)) for entry in entries)
    errors = sum(problem.severity == "error" for problem in problems)
    others = len(problems) - errors
    en = f"{number} rules: {errors} errors, {others} information" if problems else f"{number} rules: nothing to mend"
    return Text(en, f"{number} 条规则：{errors} 个错误，{others} 条提示")
