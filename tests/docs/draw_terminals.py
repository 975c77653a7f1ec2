"""Takes the pictures of a terminal in docs/: commands that run in a copy of the project, and what they print.

    python tests/docs/draw_terminals.py

It needs the extra test, and Chromium.
"""

from __future__ import annotations

import html
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1] / "fixtures"))

from documents import copy_of_the_project, environment
from paths import ROOT

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
LANGUAGES = {"": "en_US.UTF-8", ".zh-CN": "zh_CN.UTF-8"}
# A slip of two digits in a share, and what the gate says of it.
COMMANDS = (
    "etl run --severity warning",
    "sed -i 's/57.6%/56.7%/' raw/patents/stock.csv",
    "etl check --domain patents",
)
STYLE = """
body { margin: 0; background: #011627; }
pre { display: inline-block; width: 124ch; margin: 0; padding: 16px 20px; color: #d6deeb; background: #011627;
      font: 14px/16px "DejaVu Sans Mono", "Noto Sans Mono CJK SC", monospace; white-space: pre-wrap; }
b { color: #8bd649; font-weight: normal; }
i { display: inline-block; width: 2ch; font-style: normal; text-align: center; }
"""


def session(project: Path, locale: str) -> str:
    """Run the commands; return the page of what a terminal would show."""
    lines = []
    for command in COMMANDS:
        ran = subprocess.run(
            command, shell=True, cwd=project, env=environment(project, locale), check=False, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        lines.append(f"<b>$</b> {html.escape(command)}\n{wide(ran.stdout)}")
    return f"<!doctype html><meta charset=utf-8><style>{STYLE}</style><pre>{''.join(lines)}<b>$</b></pre>"


def wide(text: str) -> str:
    """Return a text as HTML in which a wide character takes two columns exactly."""
    return "".join(
        f"<i>{character}</i>" if unicodedata.east_asian_width(character) in "WF" else html.escape(character) for character in text
    )


def main() -> None:
    """Take the pictures."""
    with sync_playwright() as playwright, TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for suffix, locale in LANGUAGES.items():
            page = browser.new_page(device_scale_factor=1.25)
            page.set_content(session(copy_of_the_project(Path(folder) / (suffix or "en")), locale))
            page.locator("pre").screenshot(path=ROOT / "docs" / f"terminal{suffix}.png")
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
