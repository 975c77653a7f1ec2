"""Pip requirement of the installed package, for use elsewhere."""

from __future__ import annotations

import json
import re
from importlib.metadata import PackageNotFoundError, distribution

from etl.errors import ProjectError

PACKAGE = "ip-bulletin-etl"
EXTRAS = "excel,lint,report"
_SOUND = re.compile(r"[\w.~:/@+\[\],=<>!&%?*;()-]+(?: @ [\w.~:/@+\[\],=<>!&%?*;()-]+)?")


def requirement() -> str:
    """Return the requirement of the installed package, by commit or else by version."""
    try:
        installed = distribution(PACKAGE)
    except PackageNotFoundError:
        return f"{PACKAGE}[{EXTRAS}]"
    origin = json.loads(installed.read_text("direct_url.json") or "{}")
    if "vcs_info" in origin:
        return f"{PACKAGE}[{EXTRAS}] @ {origin['vcs_info']['vcs']}+{origin['url']}@{origin['vcs_info']['commit_id']}"
    return f"{PACKAGE}[{EXTRAS}]=={installed.version}"


def sound(text: str) -> str:
    """Check that a requirement may stand in quotation marks in the files of a gate.

    Raises:
        ProjectError: it may not.
    """
    if not _SOUND.fullmatch(text):
        raise ProjectError(
            f"{text!r} is no requirement as pip takes it, such as 'ip-bulletin-etl[report]==0.1.0'.",
            f"“{text}”不是 pip 的依赖写法，应如 'ip-bulletin-etl[report]==0.1.0'。",
        )
    return text
