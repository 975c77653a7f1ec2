"""Procuratorate: prosecution, supervision, advice, compensation, typical cases."""

from __future__ import annotations

from schemas.models import Amount, Category, Count, Share, Table, figure, label, relation

TITLE = ("检察", "Procuratorate")


class Prosecutions(Table, zh="检察机关办理侵犯知识产权刑事案件情况"):
    """Criminal cases of infringement that procuratorates handled. One row per area, period, stage and source."""

    stage: Category = label(
        "办案环节", "stage of the proceedings", codes="prosecution_stages", parts=("arrest_review", "prosecution_review")
    )
    cases: Count = figure(
        "办理案件",
        "cases handled",
        "件",
        each_has="persons",
        zh="案件数不多于涉案人数",
        reason="Every criminal case is against at least one person.",
    )
    persons: Count = figure("涉案人数", "persons in the cases handled", "人")
    indicted_cases: Count = figure(
        "提起公诉案件",
        "cases handled that ended in an indictment",
        "件",
        optional=True,
        each_has="indicted_persons",
        zh="提起公诉案件数不多于提起公诉人数",
        reason="Every indictment names at least one person.",
    )
    indicted_persons: Count = figure("提起公诉人数", "persons indicted", "人", optional=True)

    stages_sum_to_all_cases = relation(
        "cases",
        sums_over="stage",
        zh="审查逮捕与审查起诉案件之和等于办理案件",
        reason="A case is handled either for approval of an arrest or for prosecution, so the two make up all.",
    )
    stages_sum_to_all_persons = relation(
        "persons",
        sums_over="stage",
        zh="审查逮捕与审查起诉人数之和等于涉案人数",
        reason="The persons of the two stages make up all persons, as their cases make up all cases.",
    )
    indicted_are_among_the_cases = relation(
        "indicted_cases",
        part_of="cases",
        severity="warning",
        zh="提起公诉案件数不多于审查起诉案件数",
        reason="A case is reviewed before it is indicted; only one that is split, or came in earlier, could exceed this.",
    )
    indicted_are_among_the_persons = relation(
        "indicted_persons",
        part_of="persons",
        severity="warning",
        zh="提起公诉人数不多于审查起诉人数",
        reason="A person is reviewed before being indicted; only one whose case came in earlier could exceed this.",
    )


class Litigation(Table, zh="检察机关民事、行政与公益诉讼监督情况"):
    """Cases of civil and administrative supervision, support of suits, and public-interest suits.

    One row per area, period, kind and source.
    """

    kind: Category = label("案件类型", "kind of case", codes="litigation_kinds")
    cases: Count = figure("案件", "cases handled", "件")


class Advice(Table, zh="检察建议采纳情况"):
    """Advice that procuratorates gave to other bodies, and its adoption. One row per area, period and source."""

    adopted_share_pct: Share = figure("检察建议采纳率", "share of the advice that was adopted", "%")


class Compensation(Table, zh="检察机关促成赔偿情况"):
    """Compensation that infringed enterprises got with procuratorates' help. One row per area, period and source."""

    enterprises: Count = figure("获赔企业", "infringed enterprises that got compensation", "家")
    amount_yuan: Amount = figure("赔偿金额", "compensation they got", "元")


class TypicalCases(Table, zh="检察机关入选典型案例情况"):
    """Cases published as typical ones, by the level of the list. One row per area, period, level and source."""

    level: Category = label("级别", "level of the list", codes="levels")
    cases: Count = figure("入选典型案例", "cases published as typical ones", "件")
