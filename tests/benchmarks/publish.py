"""Keep the last measurements for the documentation, with the machine, the date and the rows: docs/explanation/measurements.json.

    python tests/benchmarks/publish.py

The page is written from it when the site is built.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from cases import RESULTS, ROOT
from registers import TITLES

PUBLISHED = ROOT / "docs" / "explanation" / "measurements.json"


def main() -> None:
    """Write the last measurements of registers, by size and form of the file, and of the cold start."""
    panels = {(each["rows"], each["form"], each["has_faults"]): each for each in results("registers")}
    registers = [
        {
            **{key: panel[key] for key in ("rows", "form", "has_faults", "rules", "measured_at", "machine")},
            "results": [
                {
                    "title": TITLES[each["contender"]].replace("*", ""),
                    **{key: each[key] for key in ("seconds", "cpu_seconds", "peak_mb")},
                }
                for each in panel["results"]
                if not each["problem"]
            ],
        }
        for panel in panels.values()
    ]
    content = {"registers": registers, "cold_start": results("cold_start")[-1:]}
    PUBLISHED.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def results(name: str) -> list[dict[str, Any]]:
    """Return what a benchmark has measured so far, the oldest first."""
    path = RESULTS / f"{name}.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.is_file() else []


if __name__ == "__main__":
    main()
