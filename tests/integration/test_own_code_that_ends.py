"""Own code of a project that ends the process is no pass."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands import etl
from listed_projects import checked, written


@pytest.mark.parametrize(
    "code",
    [
        *(
            "raise SystemExit(0)",
            "import sys; sys.exit()",
            "exit(0)",
            "quit()",
            "raise GeneratorExit",
            "raise BaseException('x')",
        ),
        *("import click; raise click.exceptions.Exit(0)", "import click; click.get_current_context().exit(0)"),
        *("raise BrokenPipeError", "import sys\ndef __getattr__(name): sys.exit(0)"),
        *("import os; os._exit(0)", "from os import _exit; _exit(0)", "import posix; posix._exit(0)"),
        *("import os; os.execv('/bin/true', ['true'])", "import os; os.execlp('true', 'true')"),
        *("import os, importlib; importlib.reload(os)._exit(0)", "import os\nif os.fork(): os._exit(0)\nos._exit(0)"),
    ],
)
def test_own_code_that_ends_the_process_is_no_pass(code: str, tmp_path: Path) -> None:
    root = written(tmp_path, **{"catalogue.txt": "fairs.complaints\n", "schemas/fairs.py": f"{code}\n"})
    for command in ("check", "run"):
        ran = etl(root, command)
        assert (ran.exit_code, "schemas/fairs.py:" in ran.stderr, "Traceback" in ran.output) == (2, True, False), ran.output


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_of_own_code_does_not_end_the_process_and_its_child_may(tmp_path: Path) -> None:
    code = [
        "import os, threading",
        "for ends in (os._exit, lambda code: os._exit(code)):",
        "    threading.Thread(target=ends, args=(0,)).start()",
        "child = os.fork()",
        "if not child: os._exit(7)",
        "assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7",
        "raise ValueError('last')",
    ]
    ran = etl(written(tmp_path, **{"catalogue.txt": "fairs.complaints\n", "schemas/fairs.py": "\n".join(code)}), "check")
    assert (ran.exit_code, "schemas/fairs.py:7: ValueError: last" in ran.stderr) == (2, True), ran.output


def test_a_word_that_neither_allows_nor_forbids_own_code_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = written(tmp_path, **{"catalogue.txt": "fairs.complaints\n", "schemas/fairs.py": "print('ran')\n"})
    for word in ("No", "0", "false", "NO", "off"):
        monkeypatch.setenv("ETL_OWN_CODE", word)
        code, output = checked(root)
        assert (code, "ran\n" in output, f"ETL_OWN_CODE is {word!r}; it is yes or no" in output) == (2, False, True), output
