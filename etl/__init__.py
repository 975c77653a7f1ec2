"""Validate published statistics and load them into a warehouse.

The front door: `etl.Project(path)` opens a project, whose `check` and `run` are those of the command line; `etl.read_figure`,
`etl.verify`, `etl.extract` and `etl.proofread` work without one.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from etl.api import Project as Project
    from etl.api import RunResult as RunResult
    from etl.check_result import CheckResult as CheckResult
    from etl.errors import ProjectError as ProjectError
    from etl.printed import extract as extract
    from etl.printed import read_figure as read_figure
    from etl.printed import verify as verify
    from etl.proofreading.result import ProofreadResult as ProofreadResult
    from etl.proofreading.result import proofread as proofread

_HOMES = {
    **dict.fromkeys(("Project", "RunResult"), "etl.api"),
    **dict.fromkeys(("extract", "read_figure", "verify"), "etl.printed"),
    "CheckResult": "etl.check_result",
    **dict.fromkeys(("ProofreadResult", "proofread"), "etl.proofreading.result"),
    "ProjectError": "etl.errors",
}

__all__ = [*_HOMES]


def __getattr__(name: str) -> Any:
    """Import a public name at first use, so that the command line starts at once."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
