"""Write reports to standard output or files, one target per format."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from etl.errors import ProjectError
from etl.formats import FORMATS, format_named, writer

if TYPE_CHECKING:
    from pathlib import Path

    from etl.reporters.check_report import CheckReport

STDOUT = "-"


class Target(NamedTuple):
    """A format of a report and the file it goes to, `-` for standard output."""

    form: str
    file: str

    def writer(self) -> Callable[[CheckReport], str]:
        """Return the function that writes a report in this format.

        Raises:
            ProjectError: it needs a package that is not installed.
        """
        return writer(self.form, "findings")


def pair_targets(forms: Sequence[str], files: Sequence[str]) -> list[Target]:
    """Pair formats with files by position; without a file: standard output.

    Raises:
        ProjectError: there are more files than formats, a file is named twice or after another format that is asked for, or
            a document (JSON, XML, HTML …) would share standard output with another format.
    """
    forms = forms or ("text",)
    if len(files) > len(forms):
        raise ProjectError(
            f"--output {files[len(forms)]} has no --format; the n-th --output belongs to the n-th --format.",
            f"--output {files[len(forms)]} 没有对应的 --format；第 n 个 --output 对应第 n 个 --format。",
        )
    targets = [Target(form, file) for form, file in zip(forms, (*files, *[STDOUT] * (len(forms) - len(files))), strict=True)]
    for target in targets:
        named = next((each.name for each in FORMATS if target.file.endswith(each.endings)), target.form)
        if named != target.form and named in forms:
            raise ProjectError(
                f"{target.file} would hold {target.form}, not {named}: the n-th --output belongs to the n-th --format."
                f" Give each --format its --output, - for standard output.",
                f"{target.file} 将写入 {target.form}，而不是 {named}：第 n 个 --output 对应第 n 个 --format。"
                "请为每个 --format 写明 --output，标准输出写 -。",
            )
    written = [target.file for target in targets if target.file != STDOUT]
    if len(written) != len(set(written)):
        raise ProjectError("Two formats cannot go to one --output.", "两种格式不能写入同一个 --output。请分别指定文件。")
    printed = [target.form for target in targets if target.file == STDOUT]
    if len(printed) > 1 and not prints_lines(targets):
        raise ProjectError(
            f"{' and '.join(printed)} cannot share standard output; give all but one an --output FILE.",
            f"{'、'.join(printed)} 不能同时写到标准输出；请为其余格式指定 --output 文件。",
        )
    return targets


def prints_lines(targets: Sequence[Target]) -> bool:
    """Whether standard output gets no document, so that other lines do no harm."""
    return all(format_named(target.form).is_lines for target in targets if target.file == STDOUT)


def deliver(report: CheckReport, targets: Sequence[Target], say: Callable[[str], None]) -> None:
    """Write a report to each target: files atomically, standard output by `say`.

    Raises:
        ProjectError: a file cannot be written.
    """
    from pathlib import Path  # here, so that `etl --help` answers at once

    for target in sorted(targets, key=lambda target: target.file == STDOUT):
        text = target.writer()(report)
        if target.file == STDOUT:
            say(text)
            continue
        write_text(Path(target.file), text)


def write_text(path: Path, text: str) -> None:
    """Write a text to a file in one step, or into a pipe or device such as /dev/null.

    Raises:
        ProjectError: it cannot be written.
    """
    from etl.files import replace_text, writing  # here, so that `etl --help` answers at once

    with writing(path):
        if path.exists() and not path.is_file():
            with path.open("w", encoding="utf-8", newline="") as out:
                out.write(text)
        else:
            replace_text(path, text)
