"""Finance: loans secured by intellectual property, insurance and securities."""

from __future__ import annotations

from typing import Any

import narwhals.stable.v1 as nw

from schemas import rules
from schemas.constraints import Constraint
from schemas.flows import CountColumn, Flow, reconciles_with
from schemas.models import Amount, Category, Count, Table, figure, label, rule
from schemas.registers import Code, Day, Identifier, Money, Name, Register, amount, code, day, identifier, name

TITLE = ("知识产权金融", "Finance")


class Pledges(Table, zh="知识产权质押融资"):
    """Finance raised by pledging intellectual property. One row per area, period, right and source."""

    right: Category = label("权利类型", "right pledged", codes="rights")
    amount_yuan: Amount = figure(
        "质押融资金额",
        "amount raised against pledges",
        "元",
        part_of_all="right",
        zh="单类权利的质押融资金额不超过全部",
        reason="What one kind of right secures is a part of what all of them secure.",
    )
    enterprises: Count = figure(
        "惠及企业",
        "enterprises that raised it",
        "家",
        optional=True,
        part_of_all="right",
        zh="单类权利质押惠及企业不多于全部",
        reason="An enterprise that pledges one kind of right is one of those that pledge any.",
    )
    loan_balance_yuan: Amount = figure(
        "贷款余额",
        "balance of loans at the end of the period",
        "元",
        optional=True,
        part_of_all="right",
        zh="单类权利质押贷款余额不超过全部",
        reason="Loans secured by one kind of right are a part of those secured by any.",
    )


class Insurance(Table, zh="知识产权保险"):
    """Insurance of intellectual property since it was introduced. One row per area, period and source."""

    products: Count = figure("保险产品", "insurance products launched so far", "款", cumulative=True)
    first_in_country: Count = figure(
        "全国首创产品",
        "products that were the first in the country",
        "款",
        optional=True,
        part_of="products",
        zh="全国首创产品不多于全部产品",
        reason="A product that was the first of its kind is one of the products launched.",
    )
    enterprises: Count = figure("惠及企业", "enterprises insured so far", "家", optional=True)
    cover_yuan: Amount = figure("累计保障额度", "cover given so far", "元", optional=True, cumulative=True)


class Securitisation(Table, zh="知识产权证券化"):
    """Securities backed by intellectual property, issued so far. One row per area, period and source."""

    products: Count = figure("证券化产品", "securities issued so far", "单", cumulative=True)
    enterprises: Count = figure("惠及企业", "enterprises financed by them", "家", optional=True)
    raised_yuan: Amount = figure("累计融资规模", "amount raised so far", "元", optional=True, cumulative=True)


class PledgesRegister(
    Register,
    zh="知识产权质押登记簿",
    key=("pledge_number",),
    flow=Flow(
        by=("right",),
        opens="registered_on",
        closes="released_on",
        opened=CountColumn("registered", "登记", "pledges registered"),
        closed=CountColumn("released", "解除", "pledges released"),
        open=CountColumn("outstanding", "存续", "pledges outstanding"),
        amount="amount_yuan",
    ),
    agreements=(
        reconciles_with(
            "amount_yuan",
            "finance.pledges.amount_yuan",
            zh="登记簿质押金额等于公布的质押融资金额",
            reason="The published amount is the sum of the pledges registered in the period.",
        ),
        reconciles_with(
            "amount_yuan_at_end",
            "finance.pledges.loan_balance_yuan",
            zh="登记簿存续质押金额等于公布的贷款余额",
            reason="The published balance is the sum of the pledges not released by the end of the period.",
            severity="warning",
        ),
    ),
):
    """Pledges of intellectual property. One row per pledge."""

    pledge_number: Identifier = identifier("登记号", "number of the pledge", pattern=r"^Y[0-9]{16,}$")
    right: Code = code("权利类型", "right pledged", codes="rights")
    pledgor_name: Name = name("出质人", "who pledges", distinct="finance.pledges.enterprises")
    pledgee_name: Name = name("质权人", "to whom it is pledged")
    registered_on: Day = day("登记日期", "day on which the pledge was registered")
    released_on: Day = day("解除日期", "day on which the pledge was released", optional=True)
    amount_yuan: Money = amount("质押金额", "amount secured by the pledge")

    @rule(zh="解除不早于登记")
    def released_is_not_before_registered(cls: Any) -> Constraint:
        """A pledge is released after it was registered, or on the same day."""
        return rules.not_before("released_on", "registered_on")

    @rule(zh="登记号年份即登记年份")
    def number_bears_the_year_registered(cls: Any) -> Constraint:
        """Pledges are numbered anew in each calendar year."""
        return rules.bears_the_year_of("pledge_number", 1, "registered_on")

    @rule(zh="出质人与质权人不是同一人")
    def pledgor_is_not_the_pledgee(cls: Any) -> Constraint:
        """A loan is secured to another party."""
        return rules.condition(nw.col("pledgor_name") != nw.col("pledgee_name"), "pledgor_name", "pledgee_name")
