"""A load on a disk that fails: at every call that writes, with every kind of fault, a reader finds the old state or the new one.

`ETL_EVERY_FAULT=1` tries every call of every scene; without it, as in CI, some calls of each.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from paths import FAULTS, ROOT

EVERY = os.environ.get("ETL_EVERY_FAULT") == "1"
MODES = ("eio once", "eio on", "no space", "kill", "torn", "power", "power and names")
NOT_PUBLISHED, NOT_CONFIRMED, KILLED = 74, 76, 137
# For each scene, every how many calls one is tried.
SCENES = {"next": 6, "first": 19, "full": 17, "plain file": 18, "hard links": 17, "copies": 18, "rollback": 6}


@pytest.fixture(scope="module")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The disk that fails, as a library."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None or sys.platform != "linux":
        pytest.skip("no C compiler, or no LD_PRELOAD as Linux has it")
    library = tmp_path_factory.mktemp("shim") / "failio.so"
    source = FAULTS / "failio.c"
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl", "-lpthread"], check=True)
    return library


def suffered(shim: Path, folder: Path, scene: str, modes: tuple[str, ...], every: int) -> list[dict[str, Any]]:
    """Run each fault, and return the state of the warehouse after it."""
    command = [sys.executable, FAULTS / "drive.py", shim, folder / "disk", scene, ",".join(modes), str(every)]
    environment = os.environ | {"LD_PRELOAD": str(shim), "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return [json.loads(line) for line in ran.stdout.splitlines()]


def wrong(told: dict[str, Any]) -> list[str]:
    """List the effects that no fault may have."""
    before, after = told["states"]
    code, found = told["code"], told["state"]
    broken = {
        "neither old nor new": found not in (before, after),
        "said to be published, and is not": code in (0, NOT_CONFIRMED) and found != after,
        "said not to be published, and is": code == NOT_PUBLISHED and found != before,
        "an exit code of no meaning": code not in (0, NOT_PUBLISHED, NOT_CONFIRMED, KILLED),
        "the next load does not work": told["next"] != "next",
        "the next load leaves something behind": bool(told["left"]),
    }
    return [what for what, is_so in broken.items() if is_so]


@pytest.mark.parametrize("scene", SCENES)
def test_after_any_fault_the_old_state_or_the_new_one_is_whole_and_the_exit_code_is_true(
    shim: Path, tmp_path: Path, scene: str
) -> None:
    found = suffered(shim, tmp_path, scene, MODES, 1 if EVERY else SCENES[scene])
    assert {told["mode"] for told in found} == set(MODES)
    assert not [(wrong(told), told) for told in found if wrong(told)]
    codes = Counter(told["code"] for told in found)
    assert codes[NOT_PUBLISHED] and codes[KILLED]
    if EVERY:
        assert codes[NOT_CONFIRMED], "the last flush was never reached"
        assert {told["at"] for told in found} == set(range(1, found[0]["of"] + 1))


def test_a_full_disk_is_reported_with_the_next_step(shim: Path, tmp_path: Path) -> None:
    said = [told["said"] for told in suffered(shim, tmp_path, "next", ("no space",), 3) if told["code"] == NOT_PUBLISHED]
    assert said
    for text in said:
        assert "No space left on device" in text or "could not be written; the old one is in force" in text
        assert "Traceback" not in text


def test_the_naive_way_fails_the_same_suite(shim: Path, tmp_path: Path) -> None:
    found = suffered(shim, tmp_path, "naive", ("eio once",), 1)
    lies = [told for told in found if told["code"] == 0 and "said to be published, and is not" in wrong(told)]
    assert len(lies) >= 3
    assert any(told["next"] != "next" for told in found)
