"""Police: criminal infringement cases investigated and solved."""

from __future__ import annotations

from schemas.models import Amount, Count, Table, figure

TITLE = ("公安", "Police")


class Operations(Table, zh="公安机关侦办侵犯知识产权案件情况"):
    """Criminal cases of infringement that the police of an area investigated. One row per area, period and source."""

    cases: Count = figure("侦办案件", "cases investigated", "件")
    solved: Count = figure(
        "破案",
        "cases investigated that were solved",
        "件",
        optional=True,
        part_of="cases",
        zh="破案数不多于侦办案件数",
        reason="A case that was solved is one of the cases investigated.",
    )
    suspects: Count = figure("移送犯罪嫌疑人", "suspects transferred for prosecution", "名", optional=True)
    value_yuan: Amount = figure("涉案价值", "value of the goods and dealings involved", "元", optional=True)
