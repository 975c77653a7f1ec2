"""What pip is told to install, so that elsewhere the same package checks the project."""

from __future__ import annotations

import json
import re
from importlib.metadata import PackageNotFoundError, distribution

from etl.errors import ProjectError

PACKAGE = "ip-bulletin-etl"
EXTRAS = "excel,lint,report"
_SOUND = re.compile(r"[\w.~:/@+\[\],=<>!&%?*;()-]+(?: @ [\w.~:/@+\[\],=<>!&%?*;()-]+)?")


def requirement() -> str:
    """Give the requirement of the package as it is installed here: its commit if it came from a repository, else its version."""
    try:
        installed = distribution(PACKAGE)
    except PackageNotFoundError:
        return f"{PACKAGE}[{EXTRAS}]"
    origin = json.loads(installed.read_text("direct_url.json") or "{}")
    if "vcs_info" in origin:
        return f"{PACKAGE}[{EXTRAS}] @ {origin['vcs_info']['vcs']}+{origin['url']}@{origin['vcs_info']['commit_id']}"
    return f"{PACKAGE}[{EXTRAS}]=={installed.version}"


def sound(text: str) -> str:
    """Give a requirement that may stand in quotation marks in the files of a gate.

    Raises:
        ProjectError: it may not.
    """
    if not _SOUND.fullmatch(text):
        raise ProjectError(f"{text!r} is no requirement as pip takes it, such as 'ip-bulletin-etl[report]==0.1.0'.")
    return text
