"""Customs: suspect goods seized at the border, and leads passed to the police."""

from __future__ import annotations

from schemas.models import Amount, Count, Table, figure, relation

TITLE = ("海关", "Customs")


class Seizures(Table, zh="海关查扣涉嫌侵权货物情况"):
    """Goods that the customs of an area seized on suspicion of infringement. One row per area, period and source."""

    consignments: Count = figure("查扣批次", "consignments seized", "批次")
    goods: Count = figure("查扣数量", "pieces of goods seized", "件")
    value_yuan: Amount = figure("案值", "value of the goods seized", "元")

    consignments_hold_goods = relation(
        "consignments",
        each_has="goods",
        zh="查扣批次不多于货物件数",
        reason="A consignment that is seized holds at least one piece of goods.",
    )


class Leads(Table, zh="海关向公安通报犯罪线索情况"):
    """Leads on suspected crimes that customs passed on to the police. One row per area, period and source."""

    leads: Count = figure("通报线索", "leads passed on to the police", "条")
    filed: Count = figure(
        "立案移交",
        "leads on which the police opened a case",
        "件",
        part_of="leads",
        zh="立案移交数不多于通报线索数",
        reason="A case that is opened on a lead stems from one of the leads passed on.",
    )
