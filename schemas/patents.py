"""Patents: stock, density, enterprises, grants, applications, awards and titles."""

from __future__ import annotations

from typing import Any

import narwhals.stable.v1 as nw

from schemas import rules
from schemas.constraints import Cell, Constraint
from schemas.flows import CountColumn, Flow, reconciles_with
from schemas.models import Amount, Category, Count, Duration, Mean, Rate, Share, Table, figure, label, relation, rule, share
from schemas.registers import Code, Day, Identifier, Name, Register, code, day, identifier, name
from schemas.rules import term

TITLE = ("专利", "Patents")

TYPES = ("invention", "utility_model", "design")  # every patent is one of them: Patent Law of the PRC, article 2

LONGEST_MONTH_DAYS = 31
LONGEST_TERM_YEARS = {"invention": 25, "utility_model": 10, "design": 15}  # 20 and 5 of compensation for inventions


class Stock(Table, zh="有效发明专利拥有量"):
    """Invention patents in force, by holder. One row per area, period, holder and source."""

    holder: Category = label("权利人类别", "holder", codes="patent_holders")
    valid_inventions: Count = figure("有效发明专利", "invention patents in force", "件")
    valid_inventions_growth_pct: Rate = figure(
        "有效发明专利同比", "growth of patents in force", "%", optional=True, growth_of="valid_inventions"
    )
    share_pct: Share = figure("占全部权利人比重", "share of the patents of all holders", "%", optional=True)

    inventions_are_among_those_of_all_holders = relation(
        "valid_inventions",
        part_of_all="holder",
        zh="各类权利人的有效发明专利不超过全部权利人",
        reason="What one class of holders has is part of what all holders of the area have.",
    )
    share_is_of_all = relation(
        "share_pct",
        share_of=share("valid_inventions", of_all="holder"),
        zh="占比等于该类权利人与全部权利人之比",
        reason="The printed share is what the class of holders has, over what all holders have.",
    )


class Density(Table, zh="每万人口发明专利拥有量"):
    """Invention patents in force per ten thousand people. One row per area, period and source."""

    inventions_per_10k_people: Mean = figure(
        "每万人口发明专利拥有量", "invention patents in force per ten thousand people", "件", optional=True
    )
    high_value_inventions_per_10k_people: Mean = figure(
        "每万人口高价值发明专利拥有量", "high-value invention patents in force per ten thousand people", "件", optional=True
    )

    high_value_inventions_are_among_the_inventions = relation(
        "high_value_inventions_per_10k_people",
        part_of="inventions_per_10k_people",
        reason="A high-value invention patent is an invention patent, and both are counted against the same people.",
    )


class Industries(Table, zh="产业专利与增加值"):
    """Invention patents and value added of groups of industries. One row per area, period, industry and source."""

    industry: Category = label("产业", "industry", codes="industries")
    share_of_inventions_pct: Share = figure(
        "占有效发明专利比重", "share of the area's invention patents in force", "%", optional=True
    )
    share_of_high_value_inventions_pct: Share = figure(
        "占高价值发明专利比重", "share of the area's high-value invention patents in force", "%", optional=True
    )
    value_added_yuan: Amount = figure("增加值", "value added", "元", optional=True)
    share_of_gdp_pct: Share = figure("占地区生产总值比重", "share of gross domestic product", "%", optional=True)

    @rule(zh="各产业的增加值与占比推得同一地区生产总值")
    def industries_share_one_gdp(cls: Any) -> Constraint:
        """The value added and share of one industry imply the same gross domestic product as those of another."""
        value, share = (rules.row(column, industry="patent_intensive") for column in ("value_added_yuan", "share_of_gdp_pct"))
        constraint = rules.equal(term("value_added_yuan") / term("share_of_gdp_pct"), value / share)
        return constraint.where(nw.col("industry") != "patent_intensive", "industry")


class Enterprises(Table, zh="企业拥有发明专利情况"):
    """Enterprises with invention patents in force, by class. One row per area, period, class (holder) and source."""

    holder: Category = label("企业类别", "class of enterprise", codes="patent_holders")
    enterprises: Count = figure("企业数", "enterprises of the class", "家", optional=True)
    owners: Count = figure(
        "拥有发明专利企业",
        "enterprises with an invention patent in force",
        "家",
        optional=True,
        part_of="enterprises",
        zh="拥有发明专利的企业不超过企业总数",
        reason="The enterprises with a patent are some of the enterprises of their class.",
    )
    owners_growth_pct: Rate = figure(
        "拥有发明专利企业同比", "growth of enterprises with a patent", "%", optional=True, growth_of="owners"
    )
    coverage_pct: Share = figure("发明专利覆盖率", "share of enterprises with an invention patent", "%", optional=True)
    mean_valid_inventions: Mean = figure("平均有效发明专利", "mean patents in force per enterprise", "件", optional=True)

    coverage_is_of_the_class = relation(
        "coverage_pct",
        share_of=share("owners", "enterprises"),
        zh="覆盖率等于拥有发明专利企业与企业总数之比",
        reason="The printed coverage is the enterprises with a patent over those of the class.",
    )

    @rule(zh="每家拥有企业至少有一件有效发明专利")
    def owners_have_a_patent_each(cls: Any) -> Constraint:
        """Each enterprise that is counted as an owner has at least one of the patents of its class."""
        return rules.within("owners", rules.other_table("patents.stock.valid_inventions"))

    @rule(zh="平均拥有量与企业数之积等于有效发明专利总量")
    def mean_is_of_the_stock(cls: Any) -> Constraint:
        """The mean per enterprise, times the enterprises of the class, is what the class has."""
        stock = rules.other_table("patents.stock.valid_inventions")
        return rules.equal(term("mean_valid_inventions") * term("enterprises"), stock)


class Grants(Table, zh="专利授权"):
    """Patents granted, by type. One row per area, period, type of patent and source."""

    patent_type: Category = label("专利类型", "type of patent", codes="patent_types", parts=TYPES)
    granted: Count = figure("授权", "patents granted", "件", optional=True)
    granted_growth_pct: Rate = figure(
        "授权同比", "growth of patents granted", "%", optional=True, growth_of="granted", whole_cases="granted"
    )
    share_pct: Share = figure(
        "占授权总量比重",
        "share of all patents granted",
        "%",
        optional=True,
        sums_over="patent_type",
        zh="三类占比之和为百分之百",
    )

    granted_are_among_those_of_all_types = relation("granted", part_of_all="patent_type")
    types_sum_to_all = relation(
        "granted",
        sums_over="patent_type",
        zh="三类授权之和等于授权总量",
        reason="Every patent is an invention, a utility model or a design, and only one of them.",
    )
    share_is_of_all = relation("share_pct", share_of=share("granted", of_all="patent_type"))
    share_is_of_the_sum_of_types = relation(
        "share_pct",
        share_of=share("granted", of_sum="patent_type"),
        zh="占比等于该类与三类之和之比",
        reason="The printed share is the patents of the type over those of the three types, where no total is printed.",
    )

    @rule(zh="总量同比与三类同比相符")
    def growth_of_all_is_that_of_its_types(cls: Any) -> Constraint:
        """What the types were a year before, by their growth, adds up to what all patents were by theirs."""
        return rules.growth_of_parts_is_that_of_all("granted", "granted_growth_pct", "patent_type", *TYPES)

    @rule(zh="各类同比与上年占比推得同一上年总量")
    def growth_and_shares_lead_to_one_year_before(cls: Any) -> Constraint:
        """The level, growth and share a year before of two types imply one number of all patents a year before."""
        designs = Cell("share_pct", period="year_before", pins=(("patent_type", "design"),))
        all_before = term("granted") / (term("granted_growth_pct") / 100 + 1) / rules.year_before("share_pct")
        by_designs = rules.level_before("granted", "granted_growth_pct", patent_type="design") / designs
        return rules.where_category(rules.equal(all_before, by_designs), "patent_type", "invention", "utility_model")


class Applications(Table, zh="专利申请"):
    """Patent applications filed, by type. One row per area, period, type of patent and source."""

    patent_type: Category = label("专利类型", "type of patent", codes="patent_types", parts=TYPES)
    filed: Count = figure("申请", "patent applications filed", "件", optional=True)
    filed_growth_pct: Rate = figure("申请同比", "growth of patent applications filed", "%", optional=True, growth_of="filed")
    share_pct: Share = figure(
        "占申请总量比重",
        "share of all patent applications filed",
        "%",
        optional=True,
        sums_over="patent_type",
        zh="三类占比之和为百分之百",
    )

    filed_are_among_those_of_all_types = relation("filed", part_of_all="patent_type")
    types_sum_to_all = relation(
        "filed",
        sums_over="patent_type",
        zh="三类申请之和等于申请总量",
        reason="Every application is for an invention, a utility model or a design, and only one of them.",
    )
    share_is_of_all = relation("share_pct", share_of=share("filed", of_all="patent_type"))

    @rule(zh="总量同比与三类同比相符")
    def growth_of_all_is_that_of_its_types(cls: Any) -> Constraint:
        """What the types were a year before, by their growth, adds up to what all applications were by theirs."""
        return rules.growth_of_parts_is_that_of_all("filed", "filed_growth_pct", "patent_type", *TYPES)


class PctApplications(Table, zh="PCT 国际专利申请"):
    """International applications filed under the Patent Cooperation Treaty. One row per area, period and source."""

    filed: Count = figure("国际申请", "international applications filed", "件")
    filed_growth_pct: Rate = figure(
        "国际申请同比", "growth of international applications filed", "%", optional=True, growth_of="filed"
    )


class Applicants(Table, zh="申请人发明专利"):
    """Inventions filed and granted, by applicant. One row per area, period, applicant and source."""

    applicant: Category = label("申请人", "applicant", codes="patent_applicants")
    inventions_filed: Count = figure("发明申请", "applications for inventions filed", "项", optional=True)
    inventions_granted: Count = figure("发明授权", "inventions granted", "项", optional=True)

    @rule(zh="一个申请人的发明申请不超过当地发明申请总量")
    def filed_are_among_those_of_the_area(cls: Any) -> Constraint:
        """What one applicant of an area files is part of what the area files."""
        return rules.within("inventions_filed", rules.other_table("patents.applications.filed", patent_type="invention"))

    @rule(zh="一个申请人的发明授权不超过当地发明授权总量")
    def granted_are_among_those_of_the_area(cls: Any) -> Constraint:
        """What one applicant of an area is granted is part of what the area is granted."""
        return rules.within("inventions_granted", rules.other_table("patents.grants.granted", patent_type="invention"))


class PreExamination(Table, zh="专利预审"):
    """Pre-examination of patent applications at the area's protection centre. One row per area, period and source."""

    received: Count = figure("接收预审", "cases received for pre-examination", "件")
    mean_months: Duration = figure("平均授权周期", "mean months to the grant of an invention", "个月", optional=True)
    fastest_days: Duration = figure("最快授权周期", "days to the fastest grant of an invention", "天", optional=True)

    @rule(zh="最快授权周期不超过平均周期")
    def fastest_is_within_the_mean(cls: Any) -> Constraint:
        """The fastest of several is not slower than their mean, and no month has more than 31 days."""
        return rules.within("fastest_days", term("mean_months") * LONGEST_MONTH_DAYS)


class Awards(Table, zh="中国专利奖"):
    """China Patent Awards won by holders of an area. One row per area, period and source."""

    awards: Count = figure("获奖", "China Patent Awards won", "项")


class RecognisedEnterprises(Table, zh="知识产权优势示范企业"):
    """Enterprises that the state newly gave a title for their patents. One row per area, period, title and source."""

    title: Category = label("称号", "title", codes="enterprise_titles")
    newly_recognised: Count = figure("新认定企业", "enterprises newly recognised", "家")


class GrantsRegister(
    Register,
    zh="专利授权登记簿",
    key=("patent_number",),
    flow=Flow(
        by=("patent_type",),
        opens="granted_on",
        closes="expires_on",
        opened=CountColumn("granted", "授权", "patents granted"),
        closed=CountColumn("expired", "期满", "patents whose term ends"),
        open=CountColumn("in_force", "期内", "patents within their term"),
        lasts=("filed_on", "granted_on"),
        is_foreseen=True,
    ),
    agreements=(
        reconciles_with(
            "granted", "patents.grants.granted", zh="登记簿授权数等于公布数", reason="Grants are counted from the register."
        ),
    ),
):
    """Patents granted. One row per patent."""

    patent_number: Identifier = identifier("专利号", "patent number", pattern=r"^ZL[0-9]{12}[.][0-9X]$")
    patent_type: Code = code("专利类型", "type of patent", codes="patent_types")
    holder_name: Name = name("专利权人", "holder of the patent")
    filed_on: Day = day("申请日", "day of filing")
    granted_on: Day = day("授权公告日", "day on which the grant was announced")
    expires_on: Day = day("期限届满日", "day on which the term ends")

    @rule(zh="授权不早于申请")
    def granted_is_not_before_filed(cls: Any) -> Constraint:
        """A patent is granted on an application."""
        return rules.not_before("granted_on", "filed_on")

    @rule(zh="专利号年份即申请年份")
    def number_bears_the_year_filed(cls: Any) -> Constraint:
        """A patent keeps the number of its application, which begins with the year of filing."""
        return rules.bears_the_year_of("patent_number", 2, "filed_on")

    @rule(zh="期限不超过法定最长期限", source="《中华人民共和国专利法》第四十二条 (Patent Law of the PRC, article 42)")
    def term_is_within_that_of_its_type(cls: Any) -> Constraint:
        """A term is counted from filing, and the law sets its length for each type."""
        return rules.years_within("expires_on", "filed_on", "patent_type", LONGEST_TERM_YEARS)
