"""Trademarks and geographical indications: stock, applications, brands, output."""

from __future__ import annotations

from typing import Any

from schemas import rules
from schemas.constraints import Constraint
from schemas.flows import CountColumn, Flow, reconciles_with
from schemas.models import Amount, Category, Count, Mean, Rate, Share, Table, figure, label, relation, rule, share
from schemas.registers import Code, Day, Identifier, Name, Register, code, day, identifier, name
from schemas.rules import term

TITLE = ("商标与地理标志", "Trademarks and geographical indications")

WORKERS_OF_A_LARGE_MARK = 10_000
OUTPUT_OF_A_LARGE_MARK_YUAN = 100_000_000


class Stock(Table, zh="有效注册商标"):
    """Registered trademarks in force. One row per area, period and source."""

    valid: Count = figure("有效注册商标", "registered trademarks in force", "件", optional=True, part_of_parent=True)
    share_of_province_pct: Share = figure(
        "占全省比重", "share of those of the province", "%", optional=True, share_of=share("valid", of_province=True)
    )
    madrid: Count = figure("马德里国际注册商标", "registrations under the Madrid System", "件", optional=True)
    per_10k_market_entities: Mean = figure(
        "每万户市场主体商标", "registered trademarks in force per ten thousand market entities", "件", optional=True
    )
    per_10k_market_entities_growth_pct: Rate = figure(
        "每万户市场主体商标同比", "growth of trademarks per ten thousand market entities", "%", optional=True
    )

    growth_leads_from_the_year_before = relation("per_10k_market_entities_growth_pct", growth_of="per_10k_market_entities")


class Applications(Table, zh="商标注册申请"):
    """Applications for the registration of trademarks. One row per area, period and source."""

    filed: Count = figure("商标申请", "trademark applications filed", "件")
    filed_growth_pct: Rate = figure(
        "商标申请同比", "growth of trademark applications filed", "%", optional=True, growth_of="filed"
    )
    goods_share_pct: Share = figure("商品商标占比", "share of applications for marks on goods", "%", optional=True)


class MadridApplications(Table, zh="马德里商标国际注册申请"):
    """Applications for international registration under the Madrid System. One row per area, period and source."""

    applicants: Count = figure("申请企业", "enterprises that filed", "家")
    mean_countries: Mean = figure("平均指定国家", "mean number of countries per enterprise", "个", optional=True)


class WellKnown(Table, zh="驰名商标"):
    """Well-known trademarks. One row per area, period and source."""

    total: Count = figure("驰名商标总数", "well-known trademarks", "件", optional=True)
    newly_recognised: Count = figure("新认定驰名商标", "trademarks newly recognised as well known", "件", optional=True)
    share_of_province_pct: Share = figure(
        "新认定占全省比重",
        "share of those new in the province",
        "%",
        optional=True,
        whole_cases="newly_recognised",
        reason="Trademarks are whole, so some whole number of the province's must give the printed share (the GRIM test).",
    )

    new_trademarks_are_among_all = relation(
        "newly_recognised",
        new_in="total",
        reason="A trademark that was recognised in the period is one of the well-known trademarks at its end.",
    )


class Brands(Table, zh="商标品牌培育"):
    """Trademark brand bases and regional public brands. One row per area, period, kind of brand and source."""

    brand_kind: Category = label("品牌类别", "kind of brand", codes="brand_kinds")
    total: Count = figure("总数", "number at the end of the period", "个", optional=True)
    newly_cultivated: Count = figure("新培育", "newly cultivated", "个", optional=True)
    newly_cultivated_above_last_year_pct: Rate = figure(
        "新培育比上年全年增长", "growth of the newly cultivated over all of the year before", "%", optional=True
    )

    new_brands_are_among_all = relation(
        "newly_cultivated", new_in="total", reason="What was cultivated in the period is counted at its end."
    )
    growth_is_from_whole_cases = relation(
        "newly_cultivated_above_last_year_pct",
        whole_cases="newly_cultivated",
        reason="The number of the year before that a printed growth implies is a whole one (the GRIM test, on a growth).",
    )


class GeographicalIndications(Table, zh="地理标志"):
    """Geographical indications, as certification marks and as products. One row per area, period and source."""

    total: Count = figure("地理标志总数", "geographical indications", "件", optional=True)
    certification_marks: Count = figure("地理标志证明商标", "certification marks among them", "件", optional=True)
    products: Count = figure("地理标志保护产品", "protected products among them", "件", optional=True)
    newly_registered_marks: Count = figure("新注册证明商标", "marks newly registered", "件", optional=True)
    filed_marks: Count = figure("申请注册证明商标", "marks applied for", "件", optional=True)

    marks_are_among_the_indications = relation(
        "certification_marks", part_of="total", reason="An indication that is a certification mark is one of the indications."
    )
    products_are_among_the_indications = relation(
        "products", part_of="total", reason="An indication that is a protected product is one of the indications."
    )
    new_marks_are_among_all = relation(
        "newly_registered_marks",
        new_in="certification_marks",
        reason="A mark that was registered in the period is one of the marks at its end.",
    )

    @rule(zh="证明商标与保护产品之和等于总数", severity="warning")
    def marks_and_products_sum_to_the_total(cls: Any) -> Constraint:
        """An indication is a mark or a product; a total that is not their sum has counted one twice or left one out."""
        return rules.equal("total", rules.total("certification_marks", "products"))

    @rule(zh="证明商标不超过上期与本期新注册之和")
    def marks_grow_by_new_ones_only(cls: Any) -> Constraint:
        """Marks lapse and are registered, so there are at most those of the period before and the new ones."""
        before = rules.previous_period("certification_marks")
        return rules.within("certification_marks", rules.total(before, "newly_registered_marks"))


MARKS = rules.other_table("trademarks.geographical_indications.certification_marks")


class GeographicalIndicationEconomy(Table, zh="地理标志产业带动"):
    """Workers and output of products with a geographical indication. One row per area, period and source."""

    workers: Count = figure("从业人员", "workers", "人", optional=True)
    output_yuan: Amount = figure("产值", "output", "元", optional=True)
    marks_above_10k_workers: Count = figure("从业人员超万人", "marks with over 10,000 workers", "件", optional=True)
    marks_above_100m_yuan: Count = figure("产值超亿元", "marks with over 100 million yuan", "件", optional=True)

    @rule(zh="从业人员不少于各万人商标之和")
    def workers_are_at_least_those_of_large_marks(cls: Any) -> Constraint:
        """Each of the marks with more than ten thousand workers has that many of all workers."""
        return rules.within(term("marks_above_10k_workers") * WORKERS_OF_A_LARGE_MARK, "workers")

    @rule(zh="产值不低于各亿元商标之和")
    def output_is_at_least_that_of_large_marks(cls: Any) -> Constraint:
        """Each of the marks with an output above a hundred million yuan has that much of all output."""
        return rules.within(term("marks_above_100m_yuan") * OUTPUT_OF_A_LARGE_MARK_YUAN, "output_yuan")

    @rule(zh="万人商标不多于证明商标总数")
    def marks_with_many_workers_are_among_the_marks(cls: Any) -> Constraint:
        """The marks with many workers are some of the area's marks."""
        return rules.within("marks_above_10k_workers", MARKS)

    @rule(zh="亿元商标不多于证明商标总数")
    def marks_with_much_output_are_among_the_marks(cls: Any) -> Constraint:
        """The marks with much output are some of the area's marks."""
        return rules.within("marks_above_100m_yuan", MARKS)


class Registrations(
    Register,
    zh="商标注册登记簿",
    key=("registration_number",),
    flow=Flow(
        by=("nice_class",),
        opens="registered_on",
        closes="cancelled_on",
        opened=CountColumn("registered", "注册", "trademarks registered"),
        closed=CountColumn("cancelled", "注销", "trademarks cancelled"),
        open=CountColumn("valid", "有效", "trademarks in force"),
        lasts=("filed_on", "registered_on"),
    ),
    agreements=(
        reconciles_with(
            "valid_at_end",
            "trademarks.stock.valid",
            zh="登记簿有效商标数等于公布的有效注册商标数",
            reason="The published stock is the number of trademarks that the register holds to be in force.",
        ),
    ),
):
    """Trademarks registered. One row per registration."""

    registration_number: Identifier = identifier("注册号", "registration number", pattern=r"^[0-9]{5,10}[A-Z]?$")
    nice_class: Code = code("商品服务类别", "class of goods or services (Nice Classification)", codes="nice_classes")
    holder_name: Name = name("注册人", "holder of the trademark")
    filed_on: Day = day("申请日期", "day of filing")
    registered_on: Day = day("注册公告日期", "day on which the registration was announced")
    cancelled_on: Day = day("注销日期", "day on which the registration ended", optional=True)

    @rule(zh="注册不早于申请")
    def registered_is_not_before_filed(cls: Any) -> Constraint:
        """A trademark is registered on an application."""
        return rules.not_before("registered_on", "filed_on")

    @rule(zh="注销不早于注册")
    def cancelled_is_not_before_registered(cls: Any) -> Constraint:
        """A registration exists before it is cancelled."""
        return rules.not_before("cancelled_on", "registered_on")
