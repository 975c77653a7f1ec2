"""pandera on a polars DataFrame: read by streaming, then validated with all errors collected."""

from cases import Task

from contenders.pandera_model import found, model
from contenders.polars_columns import scan

PACKAGES = ("pandera", "polars")


def check(task: Task) -> dict[str, int]:
    """Check the file."""
    return found(model(task), scan(task).collect(engine="streaming"), task)
