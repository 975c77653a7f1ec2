"""Report on the lint of rules: the problems, and the extent of the check."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from importlib.util import find_spec

from etl.catalogue import Entry
from etl.findings import Language, Text
from etl.rules.lint import Problem, lint
from etl.rules.systems import is_linear, problems_of_systems
from schemas.models import rules

_NO_SOLVER = Text(
    "not looked for, as scipy is not installed: rules that contradict or imply each other (pip install 'ip-bulletin-etl[lint]')",
    "未安装 scipy，未检查相互矛盾或可相互推出的规则（pip install 'ip-bulletin-etl[lint]'）",
)
_UNSOUND = Text(
    "not looked for, as there are errors already: rules that contradict or imply each other",
    "已有错误，未检查相互矛盾或可相互推出的规则",
)


def lint_report(entries: Sequence[Entry], style: str, language: Language) -> tuple[str, bool]:
    """Format the lint of all rules, and return whether they are sound.

    Styles: `text`, `markdown` or `json`.
    """
    problems = [*lint(tuple(entries))]
    left_out = _UNSOUND if problems else None if find_spec("scipy") else _NO_SOLVER
    if left_out is None:
        problems += problems_of_systems(entries)
    is_sound = all(problem.severity != "error" for problem in problems)
    if style == "json":
        report = {"is_sound": is_sound, "problems": [asdict(each) for each in problems], "left_out": left_out and left_out.en}
        return json.dumps(report, ensure_ascii=False, indent=2), is_sound
    bullet = "- " if style == "markdown" else ""
    lines = [problem.line(language) for problem in problems]
    lines.append((left_out or _extent(entries)).in_language(language))
    lines.append(_verdict(entries, problems).in_language(language))
    return "\n".join(bullet + line for line in lines), is_sound


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
