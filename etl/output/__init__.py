"""The forms in which a check is told, one module each, and where each goes; a form is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from etl.errors import ProjectError

if TYPE_CHECKING:
    from pathlib import Path

    from etl.output.report import Report

FORMATS: dict[str, str] = {
    "text": "etl.output.as_text",
    "json": "etl.output.as_json",
    "junit": "etl.output.as_junit",
    "sarif": "etl.output.as_sarif",
    "github": "etl.output.as_github",
    "markdown": "etl.output.as_markdown",
    "html": "etl.output.as_html",
}
STDOUT = "-"
_LINES = frozenset({"text", "github"})
_SUFFIXES = {".sarif": "sarif", ".xml": "junit", ".md": "markdown", ".html": "html", ".htm": "html", ".txt": "text"}


class Target(NamedTuple):
    """A form of a report and the file it goes to, `-` for standard output."""

    form: str
    file: str

    def renderer(self) -> Callable[[Report], str]:
        """Give the function that writes a report in this form.

        Raises:
            ProjectError: it needs a package that is not installed.
        """
        render: Callable[[Report], str] = import_module(FORMATS[self.form]).render
        return render


def paired(forms: Sequence[str], files: Sequence[str]) -> list[Target]:
    """Give the targets: the n-th file belongs to the n-th form, and a form without a file goes to standard output.

    Raises:
        ProjectError: there are more files than forms, a file is named twice or after another form that is asked for, or
            a document (JSON, XML, HTML …) would share standard output with another form.
    """
    forms = forms or ("text",)
    if len(files) > len(forms):
        raise ProjectError(f"--output {files[len(forms)]} has no --format; the n-th --output belongs to the n-th --format.")
    targets = [Target(form, file) for form, file in zip(forms, (*files, *[STDOUT] * (len(forms) - len(files))), strict=True)]
    for target in targets:
        named = next((form for suffix, form in _SUFFIXES.items() if target.file.endswith(suffix)), target.form)
        if named != target.form and named in forms:
            raise ProjectError(
                f"{target.file} would hold {target.form}, not {named}: the n-th --output belongs to the n-th --format."
                f" Give each --format its --output, - for standard output."
            )
    written = [target.file for target in targets if target.file != STDOUT]
    if len(written) != len(set(written)):
        raise ProjectError("Two formats cannot go to one --output.")
    printed = [target.form for target in targets if target.file == STDOUT]
    if len(printed) > 1 and not _LINES.issuperset(printed):
        raise ProjectError(f"{' and '.join(printed)} cannot share standard output; give all but one an --output FILE.")
    return targets


def prints_lines(targets: Sequence[Target]) -> bool:
    """Whether standard output is for people: no document goes there, so that other lines do no harm."""
    return all(target.form in _LINES for target in targets if target.file == STDOUT)


def deliver(report: Report, targets: Sequence[Target], say: Callable[[str], None]) -> None:
    """Give a report to each target: files whole or not at all, and then standard output through `say`.

    Raises:
        ProjectError: a file cannot be written.
    """
    from pathlib import Path  # here, so that `etl --help` answers at once

    for target in sorted(targets, key=lambda target: target.file == STDOUT):
        text = target.renderer()(report)
        if target.file == STDOUT:
            say(text)
            continue
        try:
            write(Path(target.file), text)
        except OSError as error:
            raise ProjectError(f"{target.file} cannot be written: {error.strerror}.") from error


def write(path: Path, text: str) -> None:
    """Write a text to a file in one step, or into what is there and is no file, such as a pipe or /dev/null."""
    if path.exists() and not path.is_file():
        with path.open("w", encoding="utf-8", newline="") as out:
            out.write(text)
    else:
        from etl.files import replace_text  # here, so that `etl --help` answers at once

        replace_text(path, text)
