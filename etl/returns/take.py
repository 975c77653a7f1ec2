"""Take a filled-in form: judge each figure, add its rows, and register the form as their source."""

from __future__ import annotations

from pathlib import Path

from etl.errors import ProjectError
from etl.project import RETURN, Project, SourceRecord
from etl.returns.deliver import ReturnRefusedError, Taken, TakeOptions, deliver, new_content, source_id
from etl.returns.judge import judge_form
from etl.returns.read_form import FilledForm, read_form

_MOST_NAMED = 3
"""How many domains the title of a return names."""


def take_form(project: Project, file: Path, options: TakeOptions) -> Taken:
    """Take a filled-in form: all of it, or nothing.

    Raises:
        ProjectError: it is no form, or one of another period, or was taken before.
        ReturnRefusedError: a cell does not fit, or a figure breaks a rule.
    """
    content, sha256 = new_content(project, file)
    form = read_form(content, file)
    _refuse_period(project, form, file, options)
    figures, refusals, remarks = judge_form(project, form)
    if refusals:
        raise ReturnRefusedError(file, refusals)
    if not figures:
        raise ProjectError(f"{file} has no figure filled in. Nothing was written.", f"{file} 没有填写任何数字。未写入任何内容。")
    taken = Taken(_source(project, form, options, sha256), form.heading.area, figures, remarks=remarks)
    deliver(project, file, taken, options)
    return taken


def _refuse_period(project: Project, form: FilledForm, file: Path, options: TakeOptions) -> None:
    """Refuse a form of another period than the one that is awaited."""
    heading = form.heading
    if options.period and options.period != heading.period:
        raise ProjectError(
            f"{file} is a form of {heading.period}, not of {options.period}. Nothing was written.",
            f"{file} 是 {heading.period} 的填报表，不是 {options.period} 的。未写入任何内容。",
        )
    if heading.area not in project.catalogue.lists.by_code("areas"):
        raise ProjectError(
            f"{file} is a form of the area {heading.area}, which this project does not know.",
            f"{file} 是地区 {heading.area} 的填报表，而本项目没有该地区。请先在地区代码表中列出。",
        )
    published = [s for s in project.sources.values() if s.kind == "bulletin" and s.area == heading.area and s.period]
    later = [each for each in published if each.period >= heading.period]
    if later and not options.period:
        raise ProjectError(
            f"{file} is a form of {heading.period}, and {later[-1].id} has published {later[-1].period} already."
            f" If it is a late return, say so: --period {heading.period}.",
            f"{file} 是 {heading.period} 的填报表，而 {later[-1].id} 已发布 {later[-1].period} 的数字。"
            f"如系补报，请加 --period {heading.period}。",
        )


def _source(project: Project, form: FilledForm, options: TakeOptions, sha256: str) -> SourceRecord:
    """Compose the document that a form is.

    Raises:
        ProjectError: the id that is stated is taken.
    """
    heading, area = form.heading, project.catalogue.lists.by_code("areas")[form.heading.area]
    titles = [project.catalogue.domain_title(each) for each in dict.fromkeys(entry.place.sheet for entry in form.entries)]
    zh, en = "、".join(title[0] for title in titles), ", ".join(title[1] for title in titles)
    if len(titles) > _MOST_NAMED:
        zh, en = f"{len(titles)} 个领域", f"{len(titles)} domains"
    title = (
        f"{area.zh}{heading.period}填报表（{zh}）" if heading.language == "zh" else f"Return of {area.en}, {heading.period}: {en}"
    )
    name = source_id(project, heading.period, options.source)
    day = options.received.isoformat()
    return SourceRecord(name, title, form.department, day, "", heading.area, heading.period, RETURN, sha256, "")
