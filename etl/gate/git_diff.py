"""Ask git which files of a project changed, and where the project lies."""

from __future__ import annotations

import subprocess
from pathlib import Path

from etl.errors import ProjectError
from etl.project import CATALOGUE_FILE, OWN_FOLDERS

_NO_REPOSITORY = "not a git repository"


def changed_files(root: Path, revision: str) -> frozenset[str]:
    """List the files of `raw/` and of declarations that differ from a revision.

    Paths are relative to the project. Uncommitted and untracked files are included.

    Uncommitted and untracked ones are among them.

    Raises:
        ProjectError: git is not there, the project is in no git checkout, or the revision is unknown.
    """
    inside = _git(root, "rev-parse", "--show-prefix")
    if inside.returncode:
        why = inside.stderr.strip()
        raise ProjectError(
            f"{root} is not in a git checkout, so that changed files are unknown: {why}",
            f"{root} 不在 git 工作区中，无法得知改动的文件。{'' if _NO_REPOSITORY in why else why}",
        )
    commit = _git(root, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    if commit.returncode:
        raise ProjectError(
            f"Git knows no revision {revision!r}. Name a commit, branch or tag of this checkout;"
            " a shallow one may lack it (git fetch --unshallow, or fetch-depth: 0 in a workflow).",
            f"git 中没有修订“{revision}”。请写明本工作区的提交、分支或标签；"
            "浅克隆可能没有该修订（可用 git fetch --unshallow，或在工作流中设 fetch-depth: 0）。",
        )
    files: set[str] = set()
    own = (CATALOGUE_FILE, *OWN_FOLDERS) if (root / CATALOGUE_FILE).is_file() else ()
    for arguments in (
        ("diff", "--name-only", "--no-renames", "--relative", "-z", commit.stdout.strip(), "--", "raw", *own),
        ("ls-files", "--others", "--exclude-standard", "-z", "--", "raw", *own),
    ):
        listed = _git(root, *arguments)
        if listed.returncode:
            why = listed.stderr.strip()
            raise ProjectError(f"git {arguments[0]} failed in {root}: {why}", f"在 {root} 运行 git {arguments[0]} 失败：{why}")
        files.update(listed.stdout.split("\0"))
    return frozenset(files - {""})


def repository_prefix(root: Path) -> str:
    """Return the path from the root of the repository to the project, or "".

    It ends with a slash. Without git or a checkout the project counts as the repository.

    Without git or a checkout the project counts as the repository.
    """
    try:
        inside = _git(root, "rev-parse", "--show-prefix")
    except ProjectError:
        return ""
    return "" if inside.returncode else inside.stdout.removesuffix("\n")


def _git(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, encoding="utf-8", check=False)
    except FileNotFoundError:
        raise ProjectError(
            "Git is not installed, so that changed files are unknown. Install it.", "没有安装 git，无法得知改动的文件。请安装。"
        ) from None
