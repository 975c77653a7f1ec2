"""Run `etl` and `python` in forks of one process that has imported the package, which a hundred examples would import anew."""

from __future__ import annotations

import gc
import json
import os
import pkgutil
import runpy
import socket
import sys
import traceback
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

READY = b"ready"
MOST_BYTES = 1 << 20
PROGRAMS = ("etl", "python")
# A program of the examples: hands its name, arguments, folder, environment and streams over, and ends as the command ended.
# A line of Python needs no package, and is run as it is.
CLIENT = """#!{python} -SEI
import json, os, socket, sys
if sys.argv[1:2] == ["-c"]:
    os.execv({python!r}, [{python!r}, *sys.argv[1:]])
with socket.socket(socket.AF_UNIX) as server:
    server.connect({address!r})
    asked = {{"program": os.path.basename(sys.argv[0]), "arguments": sys.argv[1:]}}
    asked |= {{"folder": os.getcwd(), "environment": dict(os.environ)}}
    socket.send_fds(server, [json.dumps(asked).encode()], [0, 1, 2])
    sys.exit(int(server.recv(8) or b"70"))
"""


def write_client(folder: Path, address: Path) -> None:
    """Write the programs into a folder of PATH."""
    for name in PROGRAMS:
        client = folder / name
        client.write_text(CLIENT.format(python=sys.executable, address=str(address)), encoding="utf-8")
        client.chmod(0o755)


def serve(address: str) -> None:
    """Import the package, say that it is ready, and answer each client in a fork, until this process is ended."""
    import etl

    for module in pkgutil.walk_packages(etl.__path__, "etl."):
        if not module.name.startswith(("etl.__main__", "etl.engines")):
            import_module(module.name)
    from etl.catalogue import PACKAGE

    # Models are read when they are asked for. No frame is computed here: threads do not live on in a fork.
    PACKAGE.entries()
    PACKAGE.registers()
    gc.collect()
    gc.freeze()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(address)
        server.listen(16)
        os.write(1, READY)
        while True:
            client, _ = server.accept()
            if os.fork() == 0:
                server.close()
                _answer(client)
            client.close()
            _reap()


def _reap() -> None:
    """Take leave of the forks that have ended."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _answer(client: socket.socket) -> None:
    """Run what a client asks for in a child, and tell the client its exit code."""
    text, streams, _, _ = socket.recv_fds(client, MOST_BYTES, 3)
    child = os.fork()
    if child == 0:
        client.close()
        _run(json.loads(text), streams)
    for stream in streams:
        os.close(stream)
    client.sendall(str(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])).encode())
    os._exit(0)


def _run(asked: dict[str, Any], streams: list[int]) -> None:
    """Run a command of `etl`, or a file of Python, with the streams, folder and environment of its client."""
    from etl.cli import main

    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    code: object = 0
    try:
        if asked["program"] == "etl":
            sys.argv[:] = ["etl", *asked["arguments"]]
            main(prog_name="etl")
        else:
            sys.argv[:] = asked["arguments"]
            runpy.run_path(sys.argv[0], run_name="__main__")
    except SystemExit as ended:
        code = ended.code
    except BaseException:
        traceback.print_exc()
        code = 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 0 if code is None else 1)


if __name__ == "__main__":
    serve(sys.argv[1])
