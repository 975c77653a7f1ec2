"""The validation report in a browser: one file that needs nothing, in which nothing from a cell runs."""

from __future__ import annotations

import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest
from commands import python
from gate_project import IMAGE, REVERSED, SCRIPT, every_kind, rendered, reported

from etl.reporters.check_report import CheckReport

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PHONE = 390


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> CheckReport:
    return reported(every_kind(tmp_path_factory.mktemp("project")), most=100)


class Elements(HTMLParser):
    """The tags and attributes of a document, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_file_asks_for_nothing_and_runs_nothing(report: CheckReport) -> None:
    elements = Elements(rendered(report, "html"))
    assert not {tag for tag, _ in elements.tags} & {"script", "img", "link", "iframe", "object", "form", "a", "base", "svg"}
    attributes = {name for _, attributes in elements.tags for name in attributes}
    assert not {name for name in attributes if name.startswith("on")} | attributes & {"src", "href", "style"}
    policies = [each["content"] for tag, each in elements.tags if tag == "meta" and "http-equiv" in each]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'"]
    assert not re.search(r"url\(|@import", rendered(report, "html"))


def test_what_a_cell_holds_is_shown_and_is_no_markup(report: CheckReport) -> None:
    text = Elements(rendered(report, "html")).text
    assert SCRIPT in text
    assert IMAGE in text
    assert REVERSED not in text
    assert "\\u202e件1\\x1b[2J" in text
    assert "so printed, <b>asked</b>" in text


def test_the_report_has_its_parts_in_both_languages(report: CheckReport, tmp_path: Path) -> None:
    english, chinese = rendered(report, "html"), rendered(reported(every_kind(tmp_path), "zh"), "html")
    for text, language, parts in (
        (
            english,
            "en",
            ("Validation report", "What was validated", "Rules that did not run", "Accepted findings", "not applicable"),
        ),
        (chinese, "zh-CN", ("数据检查报告", "检查范围", "未执行的规则", "已豁免的问题", "不适用")),
    ):
        elements = Elements(text)
        assert elements.tags[0] == ("html", {"lang": language})
        for part in parts:
            assert part in elements.text


def browsed(file: Path, *arguments: str) -> str:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    command = [
        CHROMIUM,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        f"--user-data-dir={file.parent / 'profile'}",
    ]
    ran = subprocess.run([*command, *arguments, file.as_uri()], capture_output=True, text=True, timeout=120, check=True)
    return ran.stdout


def test_a_browser_shows_the_report_and_runs_nothing_from_a_cell(report: CheckReport, tmp_path: Path) -> None:
    """A script that ran would have put its mark into the page; the policy of the page would have stopped it too."""
    marked = rendered(report, "html").replace("alert(1)", "document.title='ran'")
    (tmp_path / "report.html").write_text(marked, encoding="utf-8")
    shown = browsed(tmp_path / "report.html", "--dump-dom")
    assert "<title>Validation report: could not check" in shown
    elements = Elements(shown)
    assert not {tag for tag, _ in elements.tags} & {"script", "img", "b"}
    assert SCRIPT.replace("alert(1)", "document.title='ran'") in elements.text


def test_the_policy_of_the_page_stops_a_script_that_got_in(report: CheckReport, tmp_path: Path) -> None:
    planted = "<script>document.title='ran'</script>"
    for name, text in (
        ("with.html", rendered(report, "html").replace("</main>", f"{planted}</main>")),
        ("without.html", re.sub("<meta http-equiv[^>]*>", "", rendered(report, "html")).replace("</main>", f"{planted}</main>")),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert "<title>ran</title>" not in browsed(tmp_path / "with.html", "--dump-dom")
    assert "<title>ran</title>" in browsed(tmp_path / "without.html", "--dump-dom")


def test_the_page_is_no_wider_than_a_phone(report: CheckReport, tmp_path: Path) -> None:
    """A page around it, in a frame as wide as a phone, measures how wide the report would like to be."""
    opened = re.sub("<meta http-equiv[^>]*>", "", rendered(report, "html")).replace("<details>", "<details open>")
    (tmp_path / "report.html").write_text(opened, encoding="utf-8")
    measure = "document.title = frame.contentDocument.documentElement.scrollWidth + ' of ' + frame.clientWidth"
    frame = f'<iframe id="frame" width="{PHONE}" height="800" style="border: 0" src="report.html" onload="{measure}"></iframe>'
    (tmp_path / "frame.html").write_text(f"<!DOCTYPE html><title>not yet</title>{frame}", encoding="utf-8")
    arguments = ("--dump-dom", "--allow-file-access-from-files", "--virtual-time-budget=5000")
    assert f"<title>{PHONE} of {PHONE}</title>" in browsed(tmp_path / "frame.html", *arguments)


def test_without_jinja2_it_says_what_to_install_before_any_work(tmp_path: Path) -> None:
    project = every_kind(tmp_path)
    code = "import sys; sys.modules['jinja2'] = None; from etl.cli import main; main(sys.argv[1:])"
    ran = python(code, "run", "--project", project.root, "--fail-on", "never", "--format", "html")
    assert ran.returncode == 2
    assert ran.stdout == ""
    assert ran.stderr.strip() == "Error: The format html needs jinja2: pip install ip-bulletin-etl[report]"
