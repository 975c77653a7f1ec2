"""Talent: advisers, training bases, patent attorneys and joint appointments."""

from __future__ import annotations

from schemas.models import Count, Table, figure

TITLE = ("人才", "Talent")


class ThinkTank(Table, zh="知识产权高端智库"):
    """Experts who advise an area on its strategy. One row per area, period and source."""

    experts: Count = figure("智库专家", "experts in the think tank", "名")


class TrainingBases(Table, zh="知识产权培训基地"):
    """National bases for training in intellectual property. One row per area, period and source."""

    bases: Count = figure("国家级培训基地", "national training bases", "个")


class Attorneys(Table, zh="知识产权师"):
    """Intellectual-property professionals qualified within a span of years. One row per area, period and source."""

    new: Count = figure("新增知识产权师", "professionals qualified in the period", "人")


class MutualAppointments(Table, zh="校（院）企双聘情况"):
    """People of science and of industry who are appointed by each other. One row per area, period and source."""

    science_vice_presidents: Count = figure("科技副总", "researchers appointed by enterprises so far", "名", cumulative=True)
    industry_professors: Count = figure("产业教授", "managers appointed by universities so far", "名", cumulative=True)
