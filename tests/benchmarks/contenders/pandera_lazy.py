"""pandera on a polars LazyFrame, with the depth that checks data and not only names and types."""

import os

os.environ["PANDERA_VALIDATION_DEPTH"] = "SCHEMA_AND_DATA"

from cases import Task

from contenders.pandera_model import found, model
from contenders.polars_columns import scan

PACKAGES = ("pandera", "polars")


def check(task: Task) -> dict[str, int]:
    """Check the file."""
    return found(model(task), scan(task), task)
