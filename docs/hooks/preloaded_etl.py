"""Run `etl` in forks of one process that has imported it, so that a hundred examples do not import it a hundred times."""

from __future__ import annotations

import gc
import json
import os
import pkgutil
import socket
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path

READY = b"ready"
MOST_BYTES = 1 << 20
# The program `etl` of the examples: hands its arguments, folder, environment and streams over, and ends as the command ended.
CLIENT = """#!{python} -SEI
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as server:
    server.connect({address!r})
    asked = {{"arguments": sys.argv[1:], "folder": os.getcwd(), "environment": dict(os.environ)}}
    socket.send_fds(server, [json.dumps(asked).encode()], [0, 1, 2])
    sys.exit(int(server.recv(8) or b"70"))
"""


def write_client(folder: Path, address: Path) -> None:
    """Write the program `etl` into a folder of PATH."""
    client = folder / "etl"
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


def _run(asked: dict[str, object], streams: list[int]) -> None:
    """Run a command with the streams, folder and environment of its client."""
    from etl.cli import main

    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(str(asked["folder"]))
    os.environ.clear()
    os.environ.update(asked["environment"])  # type: ignore[call-overload]
    sys.argv[:] = ["etl", *asked["arguments"]]  # type: ignore[misc]
    code: object = 70
    try:
        main(prog_name="etl")
    except SystemExit as ended:
        code = ended.code
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 0 if code is None else 1)


if __name__ == "__main__":
    serve(sys.argv[1])
