"""The ledger of a document: written, kept and compared with the document; the document here is made up."""

from pathlib import Path

import pytest

from etl.documents.extract import extract, fingerprint, verify, write_ledger, write_left_out
from etl.documents.ledger_faults import LedgerWords
from etl.errors import ProjectError
from schemas.code_lists import PACKAGE_LISTS


@pytest.fixture
def document() -> str:
    return "2020年，果园3件。\nA 桃\n(一) 蜜桃\n产量4.5万件，超六成。“红果88”两单。"


@pytest.fixture
def ledger(document: str, tmp_path: Path) -> Path:
    path = tmp_path / "sources" / "orchard.csv"
    write_ledger(extract(document), path)
    return path


@pytest.fixture
def remainder(document: str, tmp_path: Path) -> Path:
    path = tmp_path / "sources" / "orchard.left_out.csv"
    write_left_out(extract(document), path)
    return path


def differences(text: str, ledger: Path, remainder: Path) -> list[str]:
    return [each.en for each in verify(text, ledger, remainder, *fingerprint(text))]


def test_a_ledger_holds_figures_only_and_the_other_file_the_rest(ledger: Path, remainder: Path) -> None:
    assert ledger.read_text(encoding="utf-8") == (
        "section,ordinal,offset,published,unit,hedge\n"
        "0,1,8,3件,件,\nA1,1,25,4.5万件,件,\nA1,2,31,超六成,成,超\nA1,3,41,两单,单,\n"
    )
    assert remainder.read_text(encoding="utf-8") == (
        "section,ordinal,offset,published,reason\n0,,0,2020年,year\nA1,,36,红果88,name\n"
    )
    assert sorted(each.name for each in ledger.parent.iterdir()) == ["orchard.csv", "orchard.left_out.csv"]


def test_a_document_agrees_with_its_own_ledger(document: str, ledger: Path, remainder: Path) -> None:
    assert differences(document, ledger, remainder) == []


def test_a_changed_document_is_recognised_by_its_hash(document: str, ledger: Path, remainder: Path) -> None:
    recorded = fingerprint(document)

    [difference] = verify(document + " ", ledger, remainder, *recorded)

    assert "another one" in difference.en
    assert recorded[0] in difference.en


def test_a_changed_figure_is_reported_on_both_sides(document: str, ledger: Path, remainder: Path) -> None:
    assert differences(document.replace("4.5万", "4.6万"), ledger, remainder) == [
        "figure only in the file: A1,1,25,4.5万件,件,",
        "figure only in the document: A1,1,25,4.6万件,件,",
    ]


def test_a_removed_row_is_reported(document: str, ledger: Path, remainder: Path) -> None:
    remainder.write_text("section,ordinal,offset,published,reason\n0,,0,2020年,year\n", encoding="utf-8")

    assert differences(document, ledger, remainder) == ["left out only in the document: A1,,36,红果88,name"]


def test_rows_in_another_order_are_reported(document: str, ledger: Path, remainder: Path) -> None:
    header, *rows = ledger.read_text(encoding="utf-8").splitlines()
    ledger.write_text("\n".join([header, *reversed(rows)]) + "\n", encoding="utf-8")

    assert differences(document, ledger, remainder) == ["figure: the rows of the file are in another order"]


def append(path: Path, row: str) -> None:
    with path.open("a", encoding="utf-8", newline="") as file:
        file.write(row + "\n")


def test_a_figure_that_a_person_left_out_is_accepted_and_kept(document: str, ledger: Path, remainder: Path) -> None:
    append(remainder, "0,1,,3件,not of this orchard")

    write_left_out(extract(document), remainder)

    assert remainder.read_text(encoding="utf-8").endswith("\n0,1,,3件,not of this orchard\n")
    assert differences(document, ledger, remainder) == []


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("0,9,,3件,a reason", "which the ledger does not have"),
        ("0,1,,4件,a reason", "which is 3件 in the ledger"),
        ("0,1,,3件,", "without a reason"),
    ],
)
def test_a_row_by_hand_must_fit_the_ledger(document: str, ledger: Path, remainder: Path, row: str, told: str) -> None:
    append(remainder, row)

    [difference] = differences(document, ledger, remainder)

    assert difference.endswith(told)


def test_a_missing_ledger_cannot_be_verified(document: str, remainder: Path, tmp_path: Path) -> None:
    with pytest.raises(ProjectError):
        differences(document, tmp_path / "nothing.csv", remainder)


@pytest.mark.parametrize(
    ("unit", "published", "printed"),
    [
        *(("家", "1200件", "件"), ("%", "5.3个百分点", "个百分点"), ("百分点", "5.3%", "%"), ("万元", "1200元", "元")),
        *(("人", "1200人次", "人次"), ("件", "10件至20家", "家"), ("家", "1200件以上", "件"), ("%", "12.3件/万人", "人")),
        *(
            ("件", "1,200cases", "cases"),
            ("%", "5percent", "percent"),
            ("元", "1200美元", "美元"),
            ("件", "5 million yuan", "yuan"),
        ),
        *(
            ("元", "1200万元", ""),
            ("百分点", "5.3个百分点", ""),
            ("件", "1200", ""),
            ("", "1200件", ""),
            ("件/万人", "12.3件/万人", ""),
        ),
        *(("%", "百分之五", ""), ("件", "1200件以上", ""), ("$", "$5.3 million", ""), ("cases", "1,200 cases", "")),
    ],
)
def test_the_unit_of_a_ledger_is_that_of_the_text(unit: str, published: str, printed: str) -> None:
    assert LedgerWords(PACKAGE_LISTS).is_printed_otherwise(unit, published) == printed
