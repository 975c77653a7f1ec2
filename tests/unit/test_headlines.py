"""The table of headline indicators names only what there is."""

from __future__ import annotations

import pytest

from etl.catalogue import CATALOGUE, PACKAGE
from etl.warehouse.headlines import Headline, headlines
from etl.warehouse.marts import declared_mart
from etl.warehouse.sql_views import sql_views
from schemas.code_lists import PACKAGE_LISTS
from schemas.models import Category, columns, figures

DECLARED = {
    f"{address}.{name}": address
    for address in CATALOGUE
    for name in (
        *(column.name for column in figures(PACKAGE.entry(address).model)),
        *(measure.name for measure in declared_mart(PACKAGE.entry(address).transform).measures),
    )
}
KINDS = {"series": {"stock", "flow"}, "stocks": {"lasting", "lapsing", ""}}


@pytest.mark.parametrize("headline", headlines(), ids=lambda each: f"{each.view} {each.address} {each.categories}")
def test_a_headline_is_declared_and_names_a_code_of_each_of_its_categories(headline: Headline) -> None:
    """A misspelt address would be an empty column for ever."""
    assert headline.address in DECLARED
    model = PACKAGE.entry(DECLARED[headline.address]).model
    lists = [column.meaning.codes for column in columns(model) if isinstance(column.dtype, Category)]
    if headline.categories != "*":
        named = headline.categories.split(":") if headline.categories else []
        assert len(named) == len(lists)
        assert all(code in {each.code for each in PACKAGE_LISTS.codes(its)} for code, its in zip(named, lists, strict=True))
    assert headline.kind in KINDS.get(headline.view, {""})
    assert bool(headline.zh) == bool(headline.en)


def test_every_view_that_headlines_name_is_one_and_each_use_stands_once() -> None:
    assert {each.view for each in headlines()} <= {view.name for view in sql_views()}
    assert len({(each.view, each.item, each.address, each.categories) for each in headlines()}) == len(headlines())
    shown = [each for each in headlines() if each.view.endswith("_overview")]
    assert [(each.view, each.item) for each in shown] == sorted(
        ((each.view, each.item) for each in shown), key=list(dict.fromkeys((each.view, each.item) for each in shown)).index
    )
