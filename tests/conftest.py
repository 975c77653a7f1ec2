"""Projects, warehouses and reports that several test modules use; what lives for a session is read only."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import edited_projects
import made_up as made_up_projects
import pytest
from gate_project import every_kind, reported
from hypothesis import settings
from paths import ROOT
from projects import write_project
from returns import copied_project, written_form
from second_city import filled
from small_warehouses import warehouse as warehouse_of

from etl.project import Project
from etl.reporters.check_report import CheckReport
from etl.run import Ran

# A busy machine must not fail a test: nothing here is timed.
settings.register_profile("house", deadline=None)
settings.load_profile("house")

# Made-up documents are dated up to 2056.
os.environ["SOURCE_DATE_EPOCH"] = "4102444800"


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Cache in a folder that the processes of this run of the tests share, and nobody else."""
    is_parallel = "PYTEST_XDIST_WORKER" in os.environ
    base = tmp_path_factory.getbasetemp()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str((base.parent if is_parallel else base) / "cache"))
        patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)  # a child that compiles the package takes twice the time
        yield


@pytest.fixture
def project(tmp_path: Path) -> Callable[..., Project]:
    """Return a function that makes a project of raw texts in the test's own folder."""
    return lambda tables, sources=("example-a", "example-b"): write_project(tmp_path, tables, sources)


@pytest.fixture(scope="session")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Ran]:
    """Return the small made-up project after a run, and what the run found."""
    return made_up_projects.ran(tmp_path_factory.mktemp("made-up"))


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a project with a table and two registers after its first run."""
    project = edited_projects.made(tmp_path_factory.mktemp("loaded"))
    assert edited_projects.do(project).published
    return project


@pytest.fixture
def small(loaded: Project, tmp_path: Path) -> Project:
    """Return a copy of the loaded project in the test's own folder."""
    return edited_projects.copied(loaded, tmp_path)


@pytest.fixture(scope="session")
def own_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a warehouse of the figures of this repository, not cited."""
    root = tmp_path_factory.mktemp("own")
    shutil.copytree(ROOT / "raw", root / "raw")
    return warehouse_of(Project(root))


@pytest.fixture(scope="session")
def own_form(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a copy of the raw tables of this repository, with an empty form of 2026 beside them."""
    project = copied_project(tmp_path_factory.mktemp("form"))
    written_form(project, "--lang", "en")
    return project


@pytest.fixture
def with_form(own_form: Project, tmp_path: Path) -> Project:
    """Return a copy of the project with a form in the test's own folder."""
    shutil.copytree(own_form.root, tmp_path / "project")
    return Project(tmp_path / "project")


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> CheckReport:
    """Return a report with findings of every kind."""
    return reported(every_kind(tmp_path_factory.mktemp("project")))


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return the project of the second city, with a domain of its own."""
    return filled(tmp_path_factory.mktemp("city") / "project")
