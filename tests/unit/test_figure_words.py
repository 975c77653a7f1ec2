"""The words of a printed figure: every unit and every hedge of the code lists is read for what it is."""

from __future__ import annotations

from itertools import product

import pytest
from test_figures import read, with_hedge

from etl.figures.language import SIMPLIFIED
from etl.figures.words import CLASSIFIERS
from schemas.code_lists import PACKAGE_LISTS, Hedge


def test_every_unit_is_read_in_its_own_column_alone_and_with_a_multiplier() -> None:
    cells = read((f"6{word}{unit.unit}", "measure", unit.unit) for unit in PACKAGE_LISTS.units for word in ("", "万"))

    assert [cell["problem"] for cell in cells] == [None] * len(cells)
    expected = [(6 * scale * unit.times / unit.over, unit.base) for unit in PACKAGE_LISTS.units for scale in (1, 10**4)]
    assert [(cell["value"], cell["unit"]) for cell in cells] == expected


def test_every_unit_is_a_unit_for_a_bare_number_too() -> None:
    cells = read(("6", "measure", word + unit.unit) for unit in PACKAGE_LISTS.units for word in ("", "亿"))

    expected = [6 * scale * unit.times / unit.over for unit in PACKAGE_LISTS.units for scale in (1, 10**8)]
    assert [cell["value"] for cell in cells] == expected


def test_units_mix_only_within_a_dimension() -> None:
    pairs = list(product(PACKAGE_LISTS.units, PACKAGE_LISTS.units))

    cells = read((f"6{printed.unit}", "measure", declared.unit) for printed, declared in pairs)

    for (printed, declared), cell in zip(pairs, cells, strict=True):
        kinds = [SIMPLIFIED[name] for name in CLASSIFIERS if declared.unit in SIMPLIFIED[name]]
        is_counted = any(printed.unit in (*kind, *SIMPLIFIED["general_classifiers"]) for kind in kinds)
        assert (cell["problem"] is None) == (is_counted or printed.dimension == declared.dimension), cell
        assert cell["problem"] is None or cell["problem"].startswith("wrong_unit|")


def test_what_is_counted_can_be_entered_under_any_classifier_of_its_kind() -> None:
    entered = ["116个", "1.2万项", "116筐", "116 baskets"]
    cells = read([*((text, "count", "件") for text in entered), ("116个", "count", "家"), ("116家", "count", "件")])

    assert [(cell["value"], cell["unit"], cell["problem"]) for cell in cells] == [
        (116, "件", None),
        (12000, "件", None),
        (116, "件", None),
        (116, "件", None),
        (116, "家", None),
        (None, "件", "wrong_unit|家|件"),
    ]


def test_a_dimension_has_one_base_unit() -> None:
    bases = {(unit.dimension, unit.base) for unit in PACKAGE_LISTS.units}

    assert len(bases) == len({dimension for dimension, _ in bases})


@pytest.mark.parametrize("hedge", PACKAGE_LISTS.hedges, ids=lambda hedge: hedge.hedge)
def test_every_hedge_is_read_where_it_stands(hedge: Hedge) -> None:
    (cell,) = read([(with_hedge("4.50万元", hedge.hedge, hedge.position), "amount", "元")])

    bounds = {
        "at_least": (45000.0, None),
        "at_most": (None, 45000.0),
        "up_to_next_step": (45000.0, 45100.0),
        "unknown": (None, None),
    }
    assert (cell["value"], cell["hedge"], cell["problem"]) == (45000.0, hedge.hedge, None)
    assert (cell["low"], cell["high"]) == bounds[hedge.bound]


def test_a_code_list_that_does_not_exist_names_those_that_do() -> None:
    with pytest.raises(LookupError, match=r"No code list 'unit'.*hedges, .*units"):
        PACKAGE_LISTS.rows("unit")
