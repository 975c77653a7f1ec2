"""Accept a finding: find it by its place or row, and write its waiver."""

from __future__ import annotations

import getpass
import re
import shlex
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from etl.errors import ProjectError, UnknownNameError
from etl.files import replace_csv
from etl.findings import Finding
from etl.gate.waivers import UNWAIVABLE, WAIVER_COLUMNS, Waiver, waiver_key, waivers
from etl.project import Project
from schemas.texts import Text

# As findings are printed: `file:line:column`, and after it `[rule]` or `: severity[rule] message`.
_PLACE = re.compile(
    r"(?P<file>.+?):(?P<line>[0-9]+):(?P<column>[0-9]+)(?:(?::\s*(?:error|warning|information))?\[(?P<rule>[^\]]+)\].*)?",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class FindingReference:
    """A reference to a finding, by place, or by table, row and column.

    A blank part matches everything.
    """

    rule: str = ""
    place: str = ""
    table: str = ""
    row_key: str = ""
    column: str = ""

    def matches(self, finding: Finding) -> bool:
        """Whether the reference matches a finding."""
        return (
            self.rule in ("", finding.rule)
            and self.place in ("", str(finding.place))
            and self.table in ("", finding.table)
            and self.row_key in ("", finding.row_key)
            and self.column in ("", finding.column)
        )


def parse_reference(project: Project, text: str) -> FindingReference:
    """Parse a reference to a finding.

    Its forms are `file:line:column`, `file:line:column[rule]` and `rule table row_key [column]`.

    Raises:
        ProjectError: it has none of these forms.
    """
    by_place = _PLACE.fullmatch(text.strip())
    if by_place:
        file = Path(by_place["file"])
        inside = file.relative_to(project.root) if file.is_relative_to(project.root) else file
        return FindingReference(by_place["rule"] or "", f"{inside.as_posix()}:{int(by_place['line'])}:{int(by_place['column'])}")
    words = text.split()
    if len(words) not in (3, 4):
        raise ProjectError(
            f"{text!r} names no finding. Name it as it is printed, FILE:LINE:COLUMN or FILE:LINE:COLUMN[RULE],"
            " or by RULE TABLE ROW_KEY [COLUMN].",
            f"“{text}”不指向任何问题。请照输出写“文件:行:列”或“文件:行:列[规则]”，或写“规则 表 行键 [列]”。",
        )
    return FindingReference(words[0], table=words[1], row_key=words[2], column=words[3] if len(words) == 4 else "")


def accept(
    project: Project,
    findings: Sequence[Finding],
    text: str,
    *,
    reason: str,
    author: str,
    expires_on: date | None,
    today: date,
) -> tuple[Waiver, list[Finding]]:
    """Write the waiver of one finding; return it and all findings that it accepts.

    An expired waiver of the same finding is replaced where it stands; any other line keeps its place.

    Raises:
        ProjectError: no finding is named so, or more than one; the reason is empty; the last day has passed.
    """
    if not reason.strip():
        raise ProjectError(
            "The reason is empty. Say why the finding is accepted, for those who review it later.",
            "理由为空。请写明为何豁免该问题，以便日后复核。",
        )
    if expires_on is not None and expires_on < today:
        raise ProjectError(
            f"{expires_on} has passed. Give a day from {today} on, or leave --expires away for good.",
            f"{expires_on} 已过。请填写 {today} 以后的日期；长期有效则不加 --expires。",
        )
    key = _find_key(findings, parse_reference(project, text), text)
    listed = waivers(project)
    until = "" if expires_on is None else expires_on.isoformat()
    row = (*key, " ".join(reason.split()), author or default_author(project.root), today.isoformat(), until)
    rows = [tuple(str(getattr(each, name)) for name in WAIVER_COLUMNS) for each in listed]
    expired = next((number for number, each in enumerate(listed) if each.key == key and each.has_expired(today)), None)
    if expired is None:
        rows.append(row)
    else:
        rows[expired] = row
    replace_csv(project.waivers_file, WAIVER_COLUMNS, rows)
    written = next(each for each in reversed(waivers(project)) if each.key == key and not each.has_expired(today))
    return written, [finding for finding in findings if written.accepts(finding)]


def _find_key(findings: Sequence[Finding], named: FindingReference, text: str) -> tuple[str, str, str, str]:
    """Return the key of the finding referred to.

    Raises:
        ProjectError: none or several match, or it is already accepted or cannot be.
    """
    there = [finding for finding in findings if named.matches(finding)]
    open_ones = [finding for finding in there if not finding.waiver]
    keys = list(dict.fromkeys(map(waiver_key, open_ones)))
    if len(keys) > 1:
        commands = _commands(open_ones)
        raise ProjectError(
            f"{len(keys)} findings are named by {text!r}. Name one:\n{commands}",
            f"“{text}”指向 {len(keys)} 个问题。请指明其一：\n{commands}",
        )
    if there and not open_ones:
        why = there[0].waiver
        raise ProjectError(f"This finding is accepted already: {why}", f"该问题已豁免：{why}")
    if not there:
        raise _unknown_finding(findings, named, text)
    if keys[0][0] in UNWAIVABLE:
        raise ProjectError(
            f"{open_ones[0].place}: a waiver that is not needed or has expired cannot be waived. Correct or delete that line.",
            f"{open_ones[0].place}: 不需要或已过期的豁免本身不能豁免。请更正或删除该行。",
        )
    return keys[0]


def _unknown_finding(findings: Sequence[Finding], named: FindingReference, text: str) -> ProjectError:
    rules = {finding.rule for finding in findings}
    if named.rule and named.rule not in rules and not named.place:
        return UnknownNameError(Text("finding of the rule", "属于此规则的问题："), named.rule, rules)
    line = named.place.rpartition(":")[0] + ":"
    near = [finding for finding in findings if named.place and str(finding.place).startswith(line) and not finding.waiver]
    hint = Text(" Run etl check for those there are.", "可用 etl check 查看现有的问题。")
    if near:
        hint = Text(" On that line there are:\n", "该行的问题有：\n") + _commands(near)
    return ProjectError(Text(f"There is no finding {text!r}.", f"没有“{text}”这一问题。") + hint)


def _commands(findings: Sequence[Finding]) -> str:
    """Format a command for each finding, by its place where that is unambiguous."""
    names = []
    for finding in findings:
        name = f"{finding.place}[{finding.rule}]"
        same = {waiver_key(each) for each in findings if f"{each.place}[{each.rule}]" == name}
        if len(same) > 1:
            name = " ".join(filter(None, waiver_key(finding)))
        names.append(f"  etl waive {shlex.quote(name)} --reason …")
    return "\n".join(dict.fromkeys(names))


def default_author(root: Path) -> str:
    """Return git's user name in this folder, or else that of the system.

    Raises:
        ProjectError: neither is known.
    """
    try:
        known = subprocess.run(
            ["git", "-C", str(root), "config", "user.name"], capture_output=True, encoding="utf-8", check=False
        )
        if known.returncode == 0 and known.stdout.strip():
            return known.stdout.strip()
    except FileNotFoundError:
        pass
    try:
        return getpass.getuser()
    except (ImportError, KeyError, OSError):
        raise ProjectError(
            "Neither git nor the system has a user name. Name the author with --author.",
            "git 与系统均无用户名。请用 --author 写明作者。",
        ) from None
