"""The formats that commands write, each declared once.

To add a format is to write a module with a writer for each content, and to declare the format in `FORMATS`. The writers of a
content are one interface: where a module has a single one, it bears the name of that interface.

| content | written by | a writer takes, and returns |
|---|---|---|
| findings | `etl check`, `etl run` | `render_report`: `CheckReport` -> `str` |
| query | `etl sql` | `Result` of `etl.sandbox.formatters` -> parts, as bytes |
| differences | `etl diff` | `WarehouseDiff`, language, most differences of a kind -> `str` |
| rules, rule | `etl rule` | pages of rules, or one page, and the language -> `str` |
| lint | `etl rule --lint` | `LintReport`, and the language -> `str` |
| bulletin | `etl bulletin` | `render_bulletin`: `Bulletin` -> `str`, or `bytes` |
| formulas | `etl verify` | verified formulas with their places, and the language -> `str` |
| scores | `etl mutate` | `MutationRun`, most survivors, and the language -> `str` |
| figures | `etl extract` | `Listing` of `etl.documents.listing` -> `str` |
| tables | `etl export` | `encode_tables`: `list[ExportTable]` -> `dict[str, bytes]`, files by their paths in a folder |
| relations | `etl export` | the same, of tables without a model: views, queries |
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal

from etl.errors import ProjectError

Content = Literal[
    "findings", "query", "differences", "rules", "rule", "lint", "bulletin", "formulas", "scores", "figures", "tables",
    "relations",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Format:
    """A format of output.

    Attributes:
        name: as `--format` and `--to` take it.
        writers: for each content that it can hold the function that writes it, imported on use.
        endings: how the names of its files end, the usual one first; none where it shares one, or is a folder.
        extra: the extra of this package that brings its libraries; empty where none is needed.
        is_lines: whether other lines on standard output do it no harm.
    """

    name: str
    writers: Mapping[Content, str]
    endings: tuple[str, ...] = ()
    extra: str = ""
    is_lines: bool = False


FORMATS: tuple[Format, ...] = (
    Format("text", {
        "findings": "etl.reporters.as_text.render_report",
        "differences": "etl.warehouse.diff_report.as_text",
        "rules": "etl.reporters.rule_formatters.list_as_text",
        "rule": "etl.reporters.rule_formatters.page_as_text",
        "lint": "etl.rules.report.as_text",
        "formulas": "etl.calculator.report.as_text",
        "scores": "etl.mutation.scores.as_text",
        "figures": "etl.documents.listing.as_text",
    }, (".txt",), is_lines=True),
    Format("table", {"query": "etl.sandbox.frame_formatters.as_table"}),
    # No ending: a file .json may hold SARIF too.
    Format("json", {
        "findings": "etl.reporters.as_json.render_report",
        "query": "etl.sandbox.formatters.as_json",
        "differences": "etl.warehouse.diff_report.as_json",
        "rules": "etl.reporters.rule_formatters.as_json",
        "rule": "etl.reporters.rule_formatters.as_json",
        "lint": "etl.rules.report.as_json",
        "formulas": "etl.calculator.report.as_json",
        "scores": "etl.mutation.scores.as_json",
        "figures": "etl.documents.listing.as_json",
    }),
    Format("junit", {"findings": "etl.reporters.as_junit.render_report"}, (".xml",)),
    Format("sarif", {"findings": "etl.reporters.as_sarif.render_report"}, (".sarif",)),
    Format("github", {"findings": "etl.reporters.as_github.render_report"}, is_lines=True),
    Format("csv", {
        "query": "etl.sandbox.formatters.as_csv",
        "differences": "etl.warehouse.diff_report.as_csv",
        "tables": "etl.exports.as_csv.encode_tables",
        "relations": "etl.exports.as_csv.encode_tables",
        "figures": "etl.documents.listing.as_csv",
    }, (".csv",)),
    Format("ndjson", {
        "query": "etl.sandbox.formatters.as_ndjson",
        "tables": "etl.exports.as_ndjson.encode_tables",
        "relations": "etl.exports.as_ndjson.encode_tables",
    }, (".ndjson", ".jsonl")),
    Format("markdown", {
        "findings": "etl.reporters.as_markdown.render_report",
        "query": "etl.sandbox.formatters.as_markdown",
        "differences": "etl.warehouse.diff_report.as_markdown",
        "rules": "etl.reporters.rule_formatters.list_as_markdown",
        "rule": "etl.reporters.rule_formatters.page_as_markdown",
        "lint": "etl.rules.report.as_markdown",
        "bulletin": "etl.bulletin.as_markdown.render_bulletin",
    }, (".md",)),
    Format("html", {
        "findings": "etl.reporters.as_html.render_report",
        "bulletin": "etl.bulletin.as_html.render_bulletin",
    }, (".html", ".htm"), extra="report"),
    Format("docx", {"bulletin": "etl.bulletin.as_docx.render_bulletin"}, (".docx",), extra="report"),
    Format("pdf", {"bulletin": "etl.bulletin.as_pdf.render_bulletin"}, (".pdf",), extra="report"),
    Format("parquet", {
        "query": "etl.sandbox.frame_formatters.as_parquet",
        "tables": "etl.exports.as_parquet.encode_tables",
        "relations": "etl.exports.as_parquet.encode_tables",
    }, (".parquet",)),
    Format("xlsx", {
        "tables": "etl.exports.as_xlsx.encode_tables",
        "relations": "etl.exports.as_sheets.encode_tables",
    }, (".xlsx",), extra="export"),
    Format("datapackage", {
        "tables": "etl.exports.as_datapackage.encode_tables",
        "relations": "etl.exports.as_datapackage.encode_tables",
    }),
    Format("sdmx", {"tables": "etl.exports.as_sdmx.encode_tables"}),
    Format("odcs", {"tables": "etl.exports.as_odcs.encode_tables"}, (".yaml",), extra="export"),
)  # fmt: skip


def formats_of(content: Content) -> list[str]:
    """Return the names of the formats that can hold a content."""
    return [each.name for each in FORMATS if content in each.writers]


def format_named(name: str) -> Format:
    """Return the format of a name, which is one of `FORMATS`."""
    return next(each for each in FORMATS if each.name == name)


def writer(name: str, content: Content) -> Callable[..., Any]:
    """Return the function that writes a content in a format.

    Raises:
        ProjectError: it needs a package that is not installed.
    """
    found = format_named(name)
    module, _, function = found.writers[content].rpartition(".")
    try:
        write: Callable[..., Any] = getattr(import_module(module), function)
    except ModuleNotFoundError as error:
        if not found.extra:
            raise
        install = f"pip install ip-bulletin-etl[{found.extra}]"
        raise ProjectError(
            f"The format {name} needs {error.name}: {install}", f"格式 {name} 需要 {error.name}：请运行 {install}"
        ) from error
    return write
