"""The bulletin: its Chinese text reads back as its figures, and the English text holds the same."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result
from paths import ROOT

from etl.bulletin import as_html, as_markdown
from etl.bulletin.figures import declared_column, known_figures
from etl.bulletin.forms import Scale, Style
from etl.bulletin.read_back import find_misreadings
from etl.bulletin.write import TEMPLATES, Bulletin, BulletinPart, PlacedFigure, write_bulletin
from etl.catalogue import PACKAGE
from etl.cli import main
from etl.documents.citations import LEDGER_COLUMNS, LEFT_OUT_COLUMNS
from etl.documents.extract import extract
from etl.errors import ProjectError, UnknownNameError
from etl.figures.grammar import read_figures
from etl.figures.words import PACKAGE_NOTATION
from etl.gate.check import check
from etl.project import Project, records
from etl.run import run
from etl.warehouse.query import query

OTHERS = "E"  # the section of what other documents print of the year
REAL = ROOT.parent / "shared" / "bulletin" / "ningbo-2025.txt"
LONGEST_COINCIDENCE = 12
ZH, EN = Style("zh"), Style("en")


def project_of(root: Path) -> Project:
    shutil.copytree(ROOT / "raw", root / "raw")
    return Project(root)


def published(project: Project) -> Path:
    run(project, None, lambda text: None)
    return project.warehouse


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return published(project_of(tmp_path_factory.mktemp("own")))


def etl(warehouse: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["bulletin", "--project", str(warehouse.parents[1]), *arguments])


def test_extract_reads_from_the_bulletin_what_the_ledger_of_the_real_one_has(warehouse: Path) -> None:
    project = Project(ROOT)
    left_out = {(r["section"], r["ordinal"]) for r in records(project.left_out("ningbo-2025"), LEFT_OUT_COLUMNS) if r["ordinal"]}
    ledger = [
        (row["section"], row["ordinal"], row["published"], row["unit"], row["hedge"])
        for row in records(project.ledger("ningbo-2025"), LEDGER_COLUMNS)
        if (row["section"], row["ordinal"]) not in left_out
    ]
    read = [
        (each.section, str(each.ordinal), each.published, each.unit, each.hedge)
        for each in extract(etl(warehouse, "--lang", "zh", "--year", "2025").stdout)
        if not each.reason and each.section[:1] != OTHERS
    ]
    assert len(ledger) == 127
    assert read == ledger


SCALES_EN = {"": 1, "thousand": 1e3, "million": 1e6, "billion": 1e9}
LEADING = "over|more than|not less than|at least|close to|nearly|less than|not more than|at most|within|about"
NUMBER = re.compile(
    rf"(?:(?P<before>{LEADING}) )?(?<![\w.])(?P<number>(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)?)"
    r"(?: (?P<scale>thousand|million|billion))?"
    r"(?P<unit>%| (?:yuan|US dollars|working days|days|hours|months|mu|times|points))?(?: (?P<after>or more))?"
)


def read_english(text: str) -> Iterator[tuple[str, float, float, str, str]]:
    """Section, value, half of the last digit, unit and hedge of every number of an English bulletin that is no year."""
    section = "0"
    for line in text.splitlines():
        if heading := re.match(r"### (\w\d) ", line):
            section = heading[1]
        if line.startswith("#"):
            continue
        for found in NUMBER.finditer(line):
            if re.fullmatch(r"(?:19|20)\d\d", found["number"]):  # a count of four digits has a comma
                continue
            times = SCALES_EN[found["scale"] or ""]
            decimals = len(found["number"].partition(".")[2])
            value = float(found["number"].replace(",", ""))
            unit = (found["unit"] or "").strip()
            yield section, value * times, times * 10**-decimals / 2, unit, found["before"] or found["after"] or ""


def test_the_english_text_holds_the_same_figures(warehouse: Path) -> None:
    rows = query(
        warehouse,
        "SELECT section, value, low, high, unit, published FROM report.bulletin WHERE source = 'ningbo-2025' ORDER BY position",
    ).rows(named=True)
    twice = next(rank for rank, row in enumerate(rows) if row["published"] == "两单")
    rows.insert(twice + 1, rows[twice])  # the one figure that the bulletin names twice
    read = [each for each in read_english(etl(warehouse, "--lang", "en", "--year", "2025").stdout) if each[0][:1] != OTHERS]
    assert len(read) == len(rows) == 127
    for (section, value, half, unit, hedge), row in zip(read, rows, strict=True):
        hours = 24 if unit == "hours" else 1
        assert (section, value / hours) == (row["section"], pytest.approx(row["value"])), row
        measured = {"%": "%", "元": "yuan", "美元": "US dollars", "天": "days", "个月": "months", "亩": "mu", "倍": "times"}
        if row["unit"] in measured and hours == 1:
            assert unit == measured[row["unit"]], row
        if not hedge:
            half = 0 if row["low"] == row["high"] else half / hours
            high = 100 if row["high"] == 100 else row["value"] + half
            assert (row["low"], row["high"]) == pytest.approx((row["value"] - half, high)), row
        else:
            open_end = {"more than": "突破|余", "about": "左右", "or more": "以上", "within": "内", "over": "超", "nearly": "近"}
            open_end |= {"not less than": "不少于"}
            assert re.search(open_end[hedge], row["published"]), row


def test_both_languages_ask_for_the_same_figures_in_the_same_order(warehouse: Path) -> None:
    chinese, english = write_bulletin(warehouse, ZH), write_bulletin(warehouse, EN)
    assert [(part.id, [p.request for p in part.placed]) for part in chinese.parts] == [
        (part.id, [p.request for p in part.placed]) for part in english.parts
    ]
    assert {path.stem for path in (TEMPLATES / "zh").iterdir()} == {path.stem for path in (TEMPLATES / "en").iterdir()}


def test_no_figure_is_lost_and_every_text_reads_back(warehouse: Path) -> None:
    """Of every area and period of the project: what the sentences do not have is listed, and what is listed is read."""
    spans = query(
        warehouse,
        "SELECT area_code, period, count(*)::INTEGER FROM report.bulletin WHERE is_latest GROUP BY ALL ORDER BY ALL",
    ).rows()
    assert len(spans) > 10
    for area, period, figures in spans:
        bulletin = write_bulletin(warehouse, ZH, area, period)
        assert find_misreadings(bulletin) == [], (area, period)
        own = {p.request for p in bulletin.placed if p.known and (p.known.span, p.known.place) == ("this", "own")}
        assert len(own) == figures, (area, period)


def test_no_sentence_of_the_real_bulletin_is_written(warehouse: Path) -> None:
    if not REAL.is_file():
        pytest.skip("the real bulletin is not here")
    real = re.sub(r"\s+", "", REAL.read_text(encoding="utf-8"))
    passages = {real[i : i + LONGEST_COINCIDENCE + 1] for i in range(len(real) - LONGEST_COINCIDENCE)}
    ours = re.sub(r"\s+", "", as_markdown.render_bulletin(write_bulletin(warehouse, ZH)))
    assert not passages & {ours[i : i + LONGEST_COINCIDENCE + 1] for i in range(len(ours) - LONGEST_COINCIDENCE)}


def test_a_changed_figure_is_a_finding_and_shows_in_the_bulletin(tmp_path: Path) -> None:
    """A row that has an error is not loaded; where the finding is accepted, it is, and the bulletin shows it."""
    project = project_of(tmp_path)
    raw = project.raw("patents.enterprises")
    raw.write_text(raw.read_text(encoding="utf-8").replace("130.03件", "130.30件"), encoding="utf-8")
    found = check(project, PACKAGE.entries("patents"), date(2026, 11, 22), whole=False).findings
    (changed,) = [f for f in found if f.severity == "error"]
    assert (changed.rule, changed.place.file) == ("figure-is-cited", "raw/patents/enterprises.csv")
    place = f"{changed.place.file}:{changed.place.line}:{changed.place.column}"
    accepted = ["waive", "--project", str(tmp_path), place, "--reason", "so printed", "--author", "A. Person"]
    assert CliRunner().invoke(main, accepted).exit_code == 0
    assert "单项冠军企业130.30件" in as_markdown.render_bulletin(write_bulletin(published(project), ZH))


@pytest.mark.parametrize("style", [ZH, EN])
def test_a_new_year_is_a_draft_that_marks_what_is_missing(warehouse: Path, style: Style) -> None:
    bulletin = write_bulletin(warehouse, style, "330200", "2026")
    text = as_markdown.render_bulletin(bulletin)
    assert len(bulletin.missing) == len(bulletin.placed) - 1 == 126
    (known,) = [placed for placed in bulletin.placed if placed.known]
    assert known.text == "18.49%"  # what was this year's is the year before's
    if style == ZH:
        assert "2025年为18.49%，2026年为**【待填：" in text
        assert text.count("【待填：") == 126
        assert find_misreadings(bulletin) == []
    else:
        assert text.count("TO FILL IN: ") == 126
        assert "cases received, all courts of the area, cases" in text


@pytest.mark.parametrize("scale", ["published", "plain", "wan", "yi"])
@pytest.mark.parametrize("digits", [None, 0, 1])
def test_no_form_contradicts_the_print(warehouse: Path, scale: Scale, digits: int | None) -> None:
    """Read again, the rounded figure and the printed one can be the same number; a hedged one says no more than before."""
    shown = [p for p in write_bulletin(warehouse, Style("zh", scale, digits)).placed if p.known]
    cells = pl.LazyFrame(
        {
            "published": [p.text for p in shown],
            "kind": [declared_column(p.request.address, PACKAGE).dtype.kind for p in shown],
            "declared_unit": [declared_column(p.request.address, PACKAGE).meaning.unit for p in shown],
        }
    )
    for placed, row in zip(shown, read_figures(cells, PACKAGE_NOTATION).collect().rows(named=True), strict=True):
        known = placed.known
        assert known is not None
        assert row["problem"] is None, (known.published, placed.text)
        low, high = (-1e99 if row["low"] is None else row["low"]), (1e99 if row["high"] is None else row["high"])
        known_low, known_high = (-1e99 if known.low is None else known.low), (1e99 if known.high is None else known.high)
        # a step of rounding before this one may lie half a digit off
        assert low <= known_high * (1 + 1e-12) and known_low <= high * (1 + 1e-12), (known.published, placed.text)
        if known.hedge:
            assert low <= known_low and high >= known_high, (known.published, placed.text)


@pytest.mark.parametrize("scale", ["published", "plain", "wan", "yi"])
def test_every_scale_reads_back(warehouse: Path, scale: Scale) -> None:
    assert find_misreadings(write_bulletin(warehouse, Style("zh", scale, 1))) == []


def test_a_sentence_that_changes_its_figure_is_reported(warehouse: Path) -> None:
    known = known_figures(warehouse, "330200", "2025")
    (request,) = [each for each in known if each.address == "overseas.experts.response_days"]
    paragraph = ("求助之后", PlacedFigure(request, known[request], "72小时"), "内响应。")
    bulletin = Bulletin(ZH, (BulletinPart("A", "章", ()), BulletinPart("A1", "节", (paragraph,))))
    assert "A1: 72小时内 is read, and was not put in" in [each.en for each in find_misreadings(bulletin)]


class _Text(HTMLParser):
    """The text of a page without tables and charts, a line for each block, and the values of its figures."""

    SKIPPED = ("title", "style", "table", "figure")

    def __init__(self) -> None:
        super().__init__()
        self.text, self.values, self.skipped = "", [], False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.skipped = self.skipped or tag in self.SKIPPED
        self.text += "\n" if tag in ("p", "h1", "h2", "h3") else ""
        self.values += [value for name, value in attrs if (tag, name) == ("data", "value") and not self.skipped]

    def handle_endtag(self, tag: str) -> None:
        self.skipped = self.skipped and tag not in self.SKIPPED

    def handle_data(self, data: str) -> None:
        self.text += "" if self.skipped else data


def test_the_html_page_holds_the_same_text_and_needs_nothing_else(warehouse: Path) -> None:
    bulletin = write_bulletin(warehouse, ZH)
    page = as_html.render_bulletin(bulletin)
    reader = _Text()
    reader.feed(page)
    assert [e.published for e in extract(reader.text) if not e.reason] == [p.text for p in bulletin.placed]
    assert [float(value) for value in reader.values] == [p.known.value for p in bulletin.placed if p.known]
    assert not re.search(r"<(?:script|link|img)|https?:|url\(", page)
    assert 'title="patents.stock.valid_inventions 2025 · 7.64万件 · ningbo-2025 · raw/patents/stock.csv:6"' in page
    draft = as_html.render_bulletin(write_bulletin(warehouse, EN, "330200", "2026"))
    assert draft.count("<mark") == 126
    assert '<mark title="courts.caseload.received · 2025: 5981件">' in draft


def test_the_command_writes_a_file_and_counts_what_is_missing(warehouse: Path, tmp_path: Path) -> None:
    file = tmp_path / "bulletin.html"
    ran = etl(warehouse, "--lang", "en", "--format", "html", "--period", "2024-H1", "--area", "Ningbo", "-o", str(file))
    assert (ran.exit_code, ran.stdout) == (0, "") and re.fullmatch(r"etl: \d+ figures, \d+ to fill in\n", ran.stderr)
    assert "the first half of 2024" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--year", "2025", "--period", "2024-H1"], "not both"),
        (["--area", "Ningpo"], "Did you mean 'Ningbo'?"),
        (["--period", "2025-H3"], "is not a period"),
    ],
)
def test_a_failed_write_is_reported_with_the_next_step(warehouse: Path, arguments: list[str], said: str) -> None:
    ran = etl(warehouse, *arguments)
    assert ran.exit_code == 2
    assert said in ran.output


def test_a_template_can_only_name_what_there_is(warehouse: Path) -> None:
    from etl.bulletin.write import _area, _Writer

    writer = _Writer(PACKAGE, ZH, _area("330200", PACKAGE), "2025", {})
    for address in ("courts.caseloads.received", "courts.caseload.recieved"):
        with pytest.raises(UnknownNameError, match="Did you mean"):
            writer.figure(address, "all")
    with pytest.raises(UnknownNameError, match="No court of courts"):
        writer.figure("courts.caseload.received", "al")
    with pytest.raises(ProjectError, match="places it with change"):
        writer.figure("copyright.registrations.works_growth_pct")


def test_without_jinja_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "etl.bulletin.write")
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(ProjectError, match=r"pip install ip-bulletin-etl\[report\]"):
        __import__("etl.bulletin.write")
