"""Trade secrets: the protection pilot, alliances, and adopters of the standard."""

from __future__ import annotations

from schemas.models import Count, Table, figure

TITLE = ("商业秘密", "Trade secrets")


class Pilot(Table, zh="商业秘密保护创新试点"):
    """What the pilot of trade-secret protection brought about. One row per area, period and source."""

    outcomes: Count = figure("制度性成果", "institutional outcomes so far", "项", cumulative=True)


class Alliances(Table, zh="商业秘密保护联盟"):
    """Alliances of an industry's enterprises to protect trade secrets. One row per area, period and source."""

    alliances: Count = figure("保护联盟总数", "alliances founded so far", "个")
    new_alliances: Count = figure(
        "新增保护联盟", "alliances founded in the period", "个", optional=True, new_in="alliances", adds_to="alliances"
    )


class StandardAdopters(Table, zh="商业秘密保护贯标企业"):
    """Enterprises that adopted the standard of trade-secret protection. One row per area, period and source."""

    enterprises: Count = figure("贯标企业总数", "enterprises that adopted the standard so far", "家")
    new_enterprises: Count = figure(
        "新增贯标企业",
        "enterprises that adopted it in the period",
        "家",
        optional=True,
        new_in="enterprises",
        adds_to="enterprises",
    )
