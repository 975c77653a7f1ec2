"""Parse a project's `catalogue.txt` without running any of its code.

`etl.project_extensions` shows the syntax.
"""

from __future__ import annotations

import keyword
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from etl.errors import ProjectError, did_you_mean
from schemas.list_files import ListError, read_text
from schemas.texts import NO_TEXT, Text

CATALOGUE_FILE = "catalogue.txt"
FOLDERS: Mapping[str, str] = {"schemas": "schemas", "transforms": "etl/transforms"}
"""The folders of a project that hold modules, each with the folder of the package that it corresponds to."""

CODES, REGISTER, USE, RULE, OFF = "codes", "register", "use", "rule", "off"
TAKEN = frozenset({"core", "quality", "report", "main", "temp", "system", "information_schema", "pg_catalog", "sources"})
"""Names that no domain may have: schemas of the warehouse, and a folder of `raw/`."""

_ROOT = Path(__file__).parents[1]
_ADDRESS = re.compile(r"([a-z][a-z0-9_]*)\.([a-z][a-z0-9_]*)")

NewSeverity = Literal["off", "error", "warning", "information"]


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A rule that the project switches off, or gives another severity.

    Attributes:
        rule: id of the rule.
        table: address of the one table that it is changed for; empty for all.
        severity: the new severity, or `off`.
        reason: why.
        line: the line of the catalogue that says so; 0 where the settings do.
        file: the file that says so.
    """

    rule: str
    table: str
    severity: NewSeverity
    reason: str
    line: int
    file: str = CATALOGUE_FILE

    @property
    def place(self) -> str:
        """Place in the catalogue, as messages name it."""
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass
class CatalogueFile:
    """The statements of a catalogue.

    Attributes:
        path: the file.
        lines: the line on which each address that the project declares is listed.
        registers: which of these addresses are registers.
        used: the domains and addresses that are used, each with its line; none for all.
        rule_changes: the rules that are changed, in order.
    """

    path: Path
    lines: dict[str, int] = field(default_factory=dict)
    registers: set[str] = field(default_factory=set)
    used: dict[str, int] = field(default_factory=dict)
    rule_changes: list[RuleChange] = field(default_factory=list)

    def place(self, address: str) -> str:
        """Return where an address is listed, as messages name it."""
        return f"{CATALOGUE_FILE}:{self.lines[address]}"

    def uses(self, address: str) -> bool:
        """Whether the project uses a table of the package."""
        return not self.used or address in self.used or address.partition(".")[0] in self.used


def read_catalogue_file(root: Path, package: Mapping[str, bool]) -> CatalogueFile:
    """Read the catalogue of a project.

    Args:
        root: the folder of the project.
        package: the addresses of the package, each with whether it is a register.

    Raises:
        ProjectError: a line cannot be read, or a module of the project would hide one of the package.
    """
    path = root / CATALOGUE_FILE
    try:
        lines = read_text(path, root).split("\n")
    except ListError as error:
        raise ProjectError(error.text) from None
    read = CatalogueFile(path)
    for number, line in enumerate(lines, start=1):
        words = line.partition("#")[0].split()
        place = f"{CATALOGUE_FILE}:{number}:{len(line) - len(line.lstrip()) + 1}"
        if words[:1] == [RULE]:
            _change_rule(read, _rule_change(line, place, number), place)
        elif words[:1] == [USE]:
            _use(read, words[1:], place, number)
        elif words:
            _list(read, words, place, number, package)
    _refuse_unknown(read, package)
    for folder in FOLDERS:
        _refuse_hiding(root / folder, FOLDERS[folder], read, package)
    return read


def _rule_change(line: str, place: str, number: int) -> RuleChange:
    severities: tuple[NewSeverity, ...] = get_args(NewSeverity)
    try:
        words = shlex.split(line, comments=True)[1:]
    except ValueError:
        words = []
    match words:
        case [rule, severity, reason] if severity in severities and reason.strip():
            table = ""
        case [rule, table, severity, reason] if severity in severities and reason.strip():
            pass
        case _:
            form = f"{RULE} RULE [TABLE] {'|'.join(severities)}"
            raise ProjectError(
                f"{place}: a line that changes a rule is {form} and the reason in quotes,"
                f' such as: {RULE} growth-is-from-whole-cases {OFF} "our office publishes growth before it rounds".',
                f"{place}: 更改规则的行应为 {form} 与引号中的理由，"
                f'如：{RULE} growth-is-from-whole-cases {OFF} "本单位先计算增速后取整"。',
            )
    return RuleChange(rule, table, severities[severities.index(severity)], " ".join(reason.split()), number)


def _change_rule(read: CatalogueFile, change: RuleChange, place: str) -> None:
    before = next((each for each in read.rule_changes if (each.rule, each.table) == (change.rule, change.table)), None)
    if before is not None:
        raise ProjectError(
            f"{place}: {' of '.join(filter(None, (change.rule, change.table)))} is changed on line {before.line} already.",
            f"{place}: {' '.join(filter(None, (change.table, change.rule)))} 已在第 {before.line} 行更改；请删去其一。",
        )
    read.rule_changes.append(change)


def _use(read: CatalogueFile, words: Sequence[str], place: str, number: int) -> None:
    if len(words) != 1:
        raise ProjectError(
            f"{place}: a line that uses a domain or a table names one, such as {USE} courts or {USE} patents.stock.",
            f"{place}: 启用领域或表的行应写明其一，如 {USE} courts 或 {USE} patents.stock。",
        )
    if words[0] in read.used:
        line = read.used[words[0]]
        raise ProjectError(
            f"{place}: {words[0]} is used on line {line} already.", f"{place}: {words[0]} 已在第 {line} 行启用；请删去其一。"
        )
    read.used[words[0]] = number


def _list(read: CatalogueFile, words: Sequence[str], place: str, number: int, package: Mapping[str, bool]) -> None:
    """Enter a table that the project declares or extends."""
    address, *rest = words
    if not _ADDRESS.fullmatch(address) or rest not in ([], [REGISTER]):
        form = Text(
            f"{place}: a line is one address, such as fairs.complaints, in small letters;"
            f" that of a register is followed by the word {REGISTER}.",
            f"{place}: 每行应为一个小写的地址，如 fairs.complaints；登记簿的地址之后加 {REGISTER}。",
        )
        raise ProjectError(form + _likely_word(words))
    domain = address.partition(".")[0]
    if address in read.lines:
        line = read.lines[address]
        raise ProjectError(
            f"{place}: {address} is listed on line {line} already.", f"{place}: {address} 已列于第 {line} 行；请删去其一。"
        )
    if domain not in _domains(package) and (domain in TAKEN or keyword.iskeyword(domain) or _part("schemas", domain)):
        whose = Text("that name means something else", "该名称另有含义")
        if _part("schemas", domain):
            whose = Text("the package has a part of that name", "本软件有同名部分")
        raise ProjectError(
            f"{place}: no domain of a project is called {domain!r}: {whose.en}. Choose another name.",
            f"{place}: 项目的领域不能命名为“{domain}”：{whose.zh}。请改用其他名称。",
        )
    if address in package and package[address] != bool(rest):
        kind = Text("no register", f"不是登记簿；请删去 {REGISTER}")
        if package[address]:
            kind = Text("a register; put the word register after it", f"是登记簿；请在其后加 {REGISTER}")
        raise ProjectError(f"{place}: {address} of the package is {kind.en}.", f"{place}: 本软件自带的 {address} {kind.zh}。")
    months_of = address.removesuffix("_monthly")
    if months_of != address and package.get(months_of):
        raise ProjectError(
            f"{place}: the warehouse calls the months of {months_of} {address}. Choose another name.",
            f"{place}: 数据仓库中 {address} 是 {months_of} 的月度表。请改用其他名称。",
        )
    read.lines[address] = number
    read.registers |= {address} if rest else set()


def _likely_word(words: Sequence[str]) -> Text:
    """Suggest the word that a line was probably to begin or to end with."""
    first = did_you_mean(words[0].rstrip(":：="), (USE, RULE)) if len(words) > 1 else NO_TEXT
    return first or (did_you_mean(words[1], (REGISTER,)) if len(words) == 2 and words[1] != REGISTER else NO_TEXT)


def _refuse_unknown(read: CatalogueFile, package: Mapping[str, bool]) -> None:
    """Refuse a domain or table that is used, or has a changed rule, and is not there."""
    addresses = (*package, *read.lines)
    for name, line in read.used.items():
        known = addresses if "." in name else _domains(addresses)
        if name not in known:
            raise _unknown(line, Text("table", "表") if "." in name else Text("domain", "领域"), name, known)
    for change in read.rule_changes:
        if change.table and change.table not in addresses:
            raise _unknown(change.line, Text("table", "表"), change.table, addresses)


def _unknown(line: int, what: Text, name: str, known: Sequence[str]) -> ProjectError:
    message = Text(f"no {what.en} {name!r}.", f"没有{what.zh}“{name}”。")
    return ProjectError(f"{CATALOGUE_FILE}:{line}:1: " + message + did_you_mean(name, known))


def _domains(addresses: Mapping[str, bool] | Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(address.partition(".")[0] for address in addresses))


def _part(folder: str, name: str) -> Path | None:
    """Return the file or folder of a name in a folder of the package."""
    return next((path for path in (_ROOT / folder / f"{name}.py", _ROOT / folder / name) if path.exists()), None)


def _refuse_hiding(folder: Path, package_folder: str, read: CatalogueFile, package: Mapping[str, bool]) -> None:
    """Refuse a module that hides one of the package without extending its tables."""
    extended = {address.partition(".")[0] for address in read.lines}
    for path in sorted(folder.glob("*")):
        name = path.name.partition(".")[0]
        there = _part(package_folder, name)
        if not there or path.name in (CODES, "__pycache__") or not (path.suffix == ".py" or path.is_dir()):
            continue
        if name in extended and path.suffix == ".py":
            continue
        message = Text(
            f"{path} is named as {there} of the package, and would hide it. Give it another name.",
            f"{path} 与本软件的 {there} 同名，会将其遮蔽。请改用其他名称。",
        )
        hint = Text(
            f" Or list in {CATALOGUE_FILE} the tables that it adds or extends.", f"或在 {CATALOGUE_FILE} 中列出其新增或扩展的表。"
        )
        raise ProjectError(message + hint if name in _domains(package) else message)
