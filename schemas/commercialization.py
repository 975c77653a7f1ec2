"""Commercialization: patents used by their owners, transferred or licensed."""

from __future__ import annotations

from typing import Any

from schemas import rules
from schemas.constraints import Constraint
from schemas.models import Amount, Category, Count, Mean, Rate, Share, Table, figure, label, relation, rule

TITLE = ("转化运用", "Commercialization")


class Industrialisation(Table, zh="发明专利产业化率"):
    """Share of invention patents in industrial use. One row per area, period, patentee and source."""

    patentee: Category = label("专利权人类型", "kind of patentee", codes="patentees")
    industrialised_share_pct: Share = figure("发明专利产业化率", "share of invention patents in industrial use", "%")


class ResourceLibrary(Table, zh="专利转化资源库"):
    """Local library that matches patents on offer with enterprises. One row per area, period and source."""

    institutions: Count = figure("链接高校院所", "universities and research institutes linked", "家")
    patents: Count = figure("链接专利", "patents on offer", "件", optional=True)
    enterprises: Count = figure("链接企业", "enterprises linked", "家", optional=True)

    institutions_bring_patents = relation(
        "institutions",
        each_has="patents",
        severity="warning",
        zh="链接的高校院所不多于链接的专利",
        reason="An institution is linked by the patents it offers; more institutions than patents is a swap or a slip.",
    )


class Transfers(Table, zh="专利转让许可"):
    """Transfers and licences of patents in a period. One row per area, period and source."""

    transfers_and_licences: Count = figure("专利转让许可", "transfers and licences of patents", "件次")
    transfers_and_licences_growth_pct: Rate = figure(
        "专利转让许可同比",
        "growth of transfers and licences on a year before",
        "%",
        optional=True,
        growth_of="transfers_and_licences",
    )


class LicenceFilings(Table, zh="专利许可备案"):
    """Patent licences put on file with the authority. One row per area, period and source."""

    filings: Count = figure("专利许可备案", "patent licences filed", "件")

    @rule(zh="许可备案不多于转让许可", severity="warning")
    def filings_are_among_transfers_and_licences(cls: Any) -> Constraint:
        """A licence put on file is one of the period's transfers and licences; only definitions may differ."""
        return rules.within("filings", rules.other_table("commercialization.transfers.transfers_and_licences"))


class IndustrialisedPatents(Table, zh="立项备案实施产业化的发明专利"):
    """Invention patents registered as put to industrial use. One row per area, period and source."""

    patents: Count = figure("产业化发明专利", "invention patents put to industrial use", "件")
    mean_new_output_yuan: Mean = figure("平均每件新增产值", "mean new output per patent", "元", optional=True)
    new_output_yuan: Amount = figure("新增产值", "new output of these patents", "元", optional=True)

    @rule(zh="平均新增产值等于新增产值除以件数")
    def mean_new_output_is_output_per_patent(cls: Any) -> Constraint:
        """A mean is the sum over the number of things it is the mean of."""
        return rules.multiple_of("new_output_yuan", "patents", "mean_new_output_yuan")
