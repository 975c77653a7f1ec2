"""Takes the pictures of a terminal in docs/: what is typed in it runs in a copy of the project, and what is seen is its screen.

    python tests/pictures/terminal.py

It needs the extras test and shell, and Chromium.
"""

from __future__ import annotations

import html
import shutil
import sys
from functools import partial
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))

from conftest import ROOT
from documents import copy_of_the_project, environment
from terminals import ENTER, TAB, Terminal, terminal

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
LANGUAGES = {"": "en_US.UTF-8", ".zh-CN": "zh_CN.UTF-8"}
PROMPT = "$"
# A slip of two digits in a share, and what the gate says of it.
GATE = (
    "etl run --severity warning",
    "sed -i 's/57.6%/56.7%/' raw/patents/stock.csv",
    "etl check --domain patents",
)
QUERY = "SELECT matter_{0}, received, closed, round(rate_pct, 1) AS rate_pct"
WHERE = " WHERE received > 0 AND closed > 0 ORDER BY rate_pct;"

COLOURS = {
    "default": "#d6deeb", "black": "#011627", "red": "#ef5350", "green": "#8bd649", "brown": "#e5c07b", "blue": "#82aaff",
    "magenta": "#c792ea", "cyan": "#21c7a8", "white": "#ffffff", "brightblack": "#7f8c98",
}  # fmt: skip
STYLE = """
body { margin: 0; background: #011627; }
pre { display: inline-block; margin: 0; padding: 16px 20px; color: #d6deeb; background: #011627;
      font: 14px/16px "DejaVu Sans Mono", "Noto Sans Mono CJK SC", monospace; }
div { height: 16px; overflow: hidden; }
span, i { display: inline-block; height: 16px; vertical-align: top; }
i { width: 2ch; font-style: normal; text-align: center; }
"""


def gate(opened: Terminal) -> None:
    """Load, slip, and check."""
    for number, command in enumerate(GATE, 2):
        opened.until(lambda lines: lines[-1] == PROMPT)
        opened.type(command + ENTER)
        opened.until(lambda lines, number=number: lines[-1] == PROMPT and _prompts(lines) == number)


def _prompts(lines: list[str]) -> int:
    return sum(line.startswith(PROMPT) for line in lines)


def shell(opened: Terminal, language: str) -> None:
    """Ask a question, complete a name, and ask another."""
    opened.until(PROMPT)
    opened.type("etl sql" + ENTER)
    opened.until("sql>")
    opened.type(QUERY.format(language) + ENTER + "FROM report.cases" + WHERE + ENTER)
    opened.until(lambda lines: lines[-1] == "sql>")
    opened.type("SELECT * FROM courts.")
    opened.until("courts.technical_investigators")
    opened.type(TAB + TAB)
    opened.until("courts.benches ")


def page(opened: Terminal) -> str:
    """Give the screen as a page."""
    rows = []
    for number in range(len(opened.lines)):
        row = [opened.screen.buffer[number][column] for column in range(opened.screen.columns)]
        pieces = []
        for (fore, back, bold, turned), cells in groupby(row, key=lambda cell: (cell.fg, cell.bg, cell.bold, cell.reverse)):
            colours = [COLOURS.get(fore, f"#{fore}"), "transparent" if back == "default" else COLOURS.get(back, f"#{back}")]
            if turned:
                colours = [COLOURS["black"], colours[0]]
            style = f"color:{colours[0]};background:{colours[1]}" + (";font-weight:bold" if bold else "")
            pieces.append(f'<span style="{style}">{_written("".join(cell.data or chr(0) for cell in cells))}</span>')
        rows.append(f"<div>{''.join(pieces)}</div>")
    return f"<!doctype html><meta charset=utf-8><style>{STYLE}</style><pre>{''.join(rows)}</pre>"


def _written(text: str) -> str:
    """Give a text as HTML in which a character of two columns, which nothing follows in its second, takes just these."""
    wide = {place - 1 for place, character in enumerate(text) if character == "\0"}
    return "".join(
        f"<i>{html.escape(character)}</i>" if place in wide else html.escape(character)
        for place, character in enumerate(text)
        if character != "\0"
    )


def main() -> None:
    """Take the pictures."""
    with sync_playwright() as playwright, TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for suffix, locale in LANGUAGES.items():
            project = copy_of_the_project(Path(folder) / (suffix or "en"))
            known = {name: value for name, value in environment(project, locale).items() if name != "NO_COLOR"}
            known |= {"PS1": f"\\[\\e[32m\\]{PROMPT}\\[\\e[0m\\] ", "HOME": folder, "XDG_STATE_HOME": folder}
            for name, rows, take in (("terminal", 60, gate), ("shell", 26, partial(shell, language=locale[:2]))):
                with terminal(["bash", "--norc", "--noprofile"], known, project, columns=124, rows=rows) as opened:
                    take(opened)
                    seen = browser.new_page(device_scale_factor=1.25)
                    seen.set_content(page(opened))
                    seen.locator("pre").screenshot(path=ROOT / "docs" / f"{name}{suffix}.png")
                    seen.close()
        browser.close()


if __name__ == "__main__":
    main()
