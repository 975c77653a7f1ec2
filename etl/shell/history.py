"""Where the shell remembers queries: a file in the person's state folder, which nobody else may read."""

from __future__ import annotations

import os
from pathlib import Path


def history_file() -> Path | None:
    """Give the file of past queries, made where it is missing; None where there can be none."""
    home = Path(os.environ.get("XDG_STATE_HOME") or "~/.local/state").expanduser()
    path = home / "ip-bulletin-etl" / "history"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        opened = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    except OSError:
        return None
    try:
        os.fchmod(opened, 0o600)
    except OSError:
        return None
    finally:
        os.close(opened)
    return path
