"""Pip requirement of the installed package, for use elsewhere."""

from __future__ import annotations

import json
import re
import subprocess
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from etl.errors import ProjectError

PACKAGE = "ip-bulletin-etl"
GATE = "documents,excel,lint"
"""Extras that a gate needs: what workbooks and documents are read with, and what rules are checked with."""
EVERYTHING = "documents,excel,export,lint,report"
"""Extras that a person needs, who also writes forms, reports and exports."""
_SOUND = re.compile(r"[\w.~:/@+\[\],=<>!&%?*;()-]+(?: @ [\w.~:/@+\[\],=<>!&%?*;()-]+)?")

_TAG = re.compile(r"v\d[\w.]*")
_SSH = re.compile(r"(?P<user>[\w.-]+@)(?P<host>[\w.-]+):(?P<path>(?!//).+)")


def requirement() -> str:
    """Return the requirement of the installed package, with the extras of a gate.

    It names the repository that the package is from, by tag or else by commit, or the version of an index.
    """
    try:
        installed = distribution(PACKAGE)
    except PackageNotFoundError:
        return f"{PACKAGE}[{GATE}]"
    origin = json.loads(installed.read_text("direct_url.json") or "{}")
    if address := address_of(origin):
        return f"{PACKAGE}[{GATE}] @ {address}"
    return f"{PACKAGE}[{GATE}]=={installed.version}"


def with_every_extra(named: str) -> str:
    """Return the requirement of a gate with the extras of a person; one with other extras as it is."""
    return named.replace(f"{PACKAGE}[{GATE}]", f"{PACKAGE}[{EVERYTHING}]", 1)


def address_of(origin: dict[str, Any]) -> str:
    """Return where the installed package is from, as pip takes it; empty for an index."""
    url: str = origin.get("url", "")
    if cloned := origin.get("vcs_info"):
        asked = cloned.get("requested_revision", "")
        return f"{cloned['vcs']}+{url}@{asked if _TAG.fullmatch(asked) else cloned['commit_id']}"
    if "dir_info" in origin:
        return _of_checkout(Path(unquote(urlsplit(url).path)))
    return url


def _of_checkout(folder: Path) -> str:
    """Return the repository of a checkout, at the tag or commit that is checked out; empty where it is none."""
    revision = _git(folder, "describe", "--tags", "--exact-match", "--match", "v*") or _git(folder, "rev-parse", "HEAD")
    if not revision:
        return ""
    return f"git+{_as_url(_git(folder, 'remote', 'get-url', 'origin') or str(folder))}@{revision}"


def _as_url(remote: str) -> str:
    """Return the URL of a remote, without a user's name and password."""
    if found := _SSH.fullmatch(remote):
        return f"ssh://{found['user']}{found['host']}/{found['path']}"
    parts = urlsplit(remote)
    if not parts.scheme:
        return f"file://localhost{quote(str(Path(remote).resolve()))}"  # older versions of pip want a host
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2])) if parts.scheme.startswith("http") else remote


def _git(folder: Path, *arguments: str) -> str:
    """Return what git says of a folder; empty where there is no git, or the folder is no checkout."""
    try:
        ran = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return "" if ran.returncode else ran.stdout.strip()


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
