"""Small made-up projects, each of which breaks one built-in rule.

Documents are `example-a` and `example-b`.
"""

from __future__ import annotations

TABLE = "raw/made/cases.csv"
HEADER = "area,period,cases,share_pct,source,section\n"

_SOURCES = "raw/sources.csv"
_SOURCES_HEADER = "source,title,publisher,published_on,url,area,period,kind,sha256,length\n"
_LEDGER = "section,ordinal,offset,published,unit,hedge\n"
_TAKEN = "section,ordinal,table,row_key,column\n"
_WAIVERS = "rule,table,row_key,column,reason,author,accepted_on,expires_on\n"
_KEY = "330200:2025:example-a"


def _rows(*rows: str) -> dict[str, str]:
    return {TABLE: HEADER + "".join(f"{row}\n" for row in rows)}


def _waiver(expires_on: str) -> dict[str, str]:
    row = f"not-above-its-range,made.cases,{_KEY},share_pct,printed so,A. Clerk,2024-01-31,{expires_on}\n"
    return {"raw/waivers.csv": _WAIVERS + row}


_GOOD = "330200,2025,7件,40%,example-a,1"
_CITED = {
    "raw/sources/example-a.csv": f"{_LEDGER}1,1,,7件,件,\n1,2,,40%,%,\n",
    "raw/sources/example-a.taken.csv": f"{_TAKEN}1,1,made.cases,{_KEY},cases\n1,2,made.cases,{_KEY},share_pct\n",
}
_LINKS = {"raw/sources/example-a.links.csv": "section,ordinal,how,by\n1,1,aligned,A. Clerk\n1,2,aligned,\n"}

EXAMPLES: dict[str, dict[str, str]] = {
    "file-is-readable": {TABLE: HEADER.replace("period", 'per"iod') + _GOOD + "\n"},
    "file-is-plain": _rows(_GOOD.replace("7", "７")),
    "table-has-one-file": {**_rows(_GOOD), TABLE.replace(".csv", ".xlsx"): ""},
    "file-is-catalogued": {**_rows(_GOOD), TABLE.replace("cases", "caess"): f"{HEADER}{_GOOD}\n"},
    "file-has-rows": {TABLE: ""},
    "column-is-present": {TABLE: f"{HEADER.replace(',cases', '')}330200,2025,40%,example-a,1\n"},
    "column-is-known": {TABLE: f"{HEADER.rstrip()},remark\n{_GOOD},checked\n"},
    "row-is-readable": _rows(_GOOD, '330300,2025,7"件,40%,example-a,1'),
    "row-fits-header": _rows(_GOOD, "330300,2025,7件"),
    "cell-is-filled": _rows("330200,2025,,40%,example-a,1"),
    "figure-is-readable": _rows("330200,2025,several,40%,example-a,1"),
    "footnote-has-a-text": _rows("330200,2025,7件①,40%,example-a,1"),
    "unit-fits-column": _rows("330200,2025,7家,40%,example-a,1"),
    "count-is-whole": _rows("330200,2025,7.5件,40%,example-a,1"),
    "period-is-well-formed": _rows("330200,25,7件,40%,example-a,1"),
    "financial-year-is-stated": _rows("330200,2024/25,7件,40%,example-a,1"),
    "period-is-over": {
        **_rows(_GOOD.replace("2025", "2052")),
        _SOURCES: f"{_SOURCES_HEADER}example-a,Report of 2025,,2026-04-26,,330200,2025,compilation,,\n",
    },
    "document-is-published": {
        **_rows(_GOOD),
        _SOURCES: f"{_SOURCES_HEADER}example-a,Report of 2025,,2199-04-26,,330200,2025,compilation,,\n",
    },
    "code-is-known": _rows("Atlantis,2025,7件,40%,example-a,1"),
    "source-is-known": _rows("330200,2025,7件,40%,hearsay,1"),
    "key-is-unique": _rows(_GOOD, _GOOD),
    "not-below-its-range": _rows("330200,2025,-7件,40%,example-a,1"),
    "not-above-its-range": _rows("330200,2025,7件,140%,example-a,1"),
    "sources-agree": _rows(_GOOD, "330200,2025,8件,40%,example-b,1"),
    "revision-changes-a-figure": {
        TABLE: f"{HEADER.rstrip()},revision\n{_GOOD},\n330200,2025,7件,40%,example-b,1,revised\n",
    },
    "level-is-near-that-of-the-year-before": _rows("330200,2024,7件,40%,example-a,1", "330200,2025,70件,40%,example-a,1"),
    "level-changes-no-more-than-usual": _rows("330200,2024,7件,40%,example-a,1", "330200,2025,28件,40%,example-a,1"),
    "figure-is-within-that-of-the-enclosing-area": _rows(_GOOD, "330203,2025,9件,40%,example-a,1"),
    "figure-is-not-that-of-another-row": _rows("330200,2024,731件,40%,example-a,1", "330200,2025,731件,40%,example-a,1"),
    "figures-are-not-exchanged": _rows(
        *(f"{row},40%,example-a,1" for row in ("330203,2024,50件", "330205,2024,20件", "330203,2025,21件", "330205,2025,51件"))
    ),
    "no-year-is-missing-between-two": _rows(*(f"330200,{year},7件,40%,example-a,1" for year in (2021, 2022, 2024))),
    "area-is-of-the-source": {
        **_rows(_GOOD),
        _SOURCES: f"{_SOURCES_HEADER}example-a,Report of another city,,,,330300,2025,bulletin,,\n",
    },
    "source-reports-its-own-period": {
        **_rows("330200,2024,7件,40%,example-a,1"),
        _SOURCES: f"{_SOURCES_HEADER}example-a,Report of 2025,,,,330200,2025,bulletin,,\n",
    },
    "figure-is-cited": {**_rows(_GOOD.replace("7件", "8件")), **_CITED},
    "figures-are-all-taken": {**_rows(_GOOD.replace("40%", "")), **_CITED},
    "link-is-confirmed": {**_rows(_GOOD), **_CITED, **_LINKS},
    "waiver-is-needed": {**_rows(_GOOD), **_waiver("")},
    "waiver-is-current": {**_rows(_GOOD.replace("40%", "140%")), **_waiver("2024-12-31")},
}
