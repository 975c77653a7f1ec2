"""Rules of a document's own figures: what is true of the relations that a text or a table states by itself."""

from __future__ import annotations

from schemas.rule_declarations import GRIM, Rule

SHARE_OF_WHOLE = Rule(
    "share-is-of-the-named-whole",
    "A share is the part over the whole that is named beside it.",
    "占比等于部分与所称总量之比",
    "error",
)
SHARES_OF_ONE = Rule(
    "shares-in-one-list-are-of-one-whole",
    "Parts that are listed with their shares are parts of one whole, so each over its share is the same number.",
    "并列各部分的占比出自同一总量",
    "error",
)
WHOLE_CASES = Rule(
    "part-of-whole-cases",
    "What is counted is whole, so some whole number of all must give the printed share (the GRIM test).",
    "占比应可由整数得出",
    "error",
    source=GRIM,
)
GROWTH = Rule(
    "growth-leads-from-the-earlier-level",
    "A growth is the later level over the earlier one, less one; in percentage points it is their difference.",
    "增幅与前后两期数相符",
    "error",
)
DIRECTION = Rule(
    "change-goes-the-way-it-is-called",
    "What rises to a level was lower before, and what falls to it was higher.",
    "升降方向与前后两期数相符",
    "error",
)
DIFFERENCE = Rule(
    "change-is-the-difference-of-levels",
    "What was added is the later level less the earlier one, and the growth is what was added over the earlier level.",
    "增减量与前后两期数、增幅相符",
    "error",
)
GROWTH_OF_WHOLE_CASES = Rule(
    "growth-is-from-whole-cases",
    "The number of a year before that a growth implies is a whole one (the GRIM test, on a growth).",
    "由增幅推得的上年数可为整数",
    "warning",
    source=GRIM,
)
PART_WITHIN = Rule("part-is-within-the-whole", "A part is not more than its whole.", "部分不超过整体", "error")
PARTS_SUM = Rule("parts-sum-to-the-total", "Parts that are listed in full add up to their total.", "各部分之和等于合计", "error")
SHARES_SUM = Rule(
    "shares-sum-to-the-whole", "The shares of all parts add up to a hundred percent.", "各部分占比之和为百分之百", "error"
)
AVERAGE = Rule(
    "average-is-the-total-over-the-number", "An average is the total over the number.", "平均数等于总量与个数之比", "error"
)
CLEARANCE = Rule(
    "clearance-is-closed-over-received",
    "A clearance rate is the cases closed over those received, and over those carried over where they are named.",
    "结案率等于结案数与收案数（含旧存）之比",
    "error",
)
CLOSED_WITHIN = Rule(
    "closed-are-received-or-carried-over",
    "No more cases can be closed than were received and carried over.",
    "结案数不超过新收与旧存之和",
    "error",
)
DOCKET = Rule(
    "docket-is-received-and-carried-over",
    "The cases on the docket are those received and those carried over; those pending are what is not closed.",
    "受理数等于新收与旧存之和，未结数等于受理数减结案数",
    "error",
)
PRINTED_ALIKE = Rule(
    "same-figure-is-printed-alike",
    "What a document prints twice is one number, to the digits that each print has.",
    "同一数字前后一致",
    "error",
)

DOCUMENT_RULES: tuple[Rule, ...] = tuple(value for value in list(globals().values()) if isinstance(value, Rule))
BY_ID: dict[str, Rule] = {rule.id: rule for rule in DOCUMENT_RULES}
