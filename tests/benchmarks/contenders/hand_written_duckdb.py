"""Hand-written SQL, with as few scans of the file as its form rewards."""

from contextlib import closing

import duckdb
from cases import FLAGS, GROUPS, MOST_INVESTIGATED_PCT, MOST_MEAN_YUAN, NUMBER, YEAR_OF_NUMBER, YES, Task, known

PACKAGES = ("duckdb",)
KEYS = 'count(case_number) - count(DISTINCT case_number) AS "number is unique"'


def check(task: Task) -> dict[str, int]:
    """Check the file, in the way that is quicker for its form."""
    with closing(duckdb.connect()) as connection:
        connection.execute(f"CREATE VIEW cases AS {source(task)}")
        return by_statement(connection, task) if task.is_parquet else by_group(connection, task)


def by_statement(connection: duckdb.DuckDBPyConnection, task: Task) -> dict[str, int]:
    """Check with a statement for the rules of rows and of keys, and one for each rule of groups: quick where columns are."""
    counts = ", ".join(f'count(*) FILTER (NOT ({holds})) AS "{rule}"' for rule, holds in rules(task).items())
    cursor = connection.execute(f"SELECT {counts}, {KEYS} FROM cases")
    names = [column[0] for column in cursor.description]
    found = dict(zip(names, cursor.fetchone(), strict=True))
    groups = [connection.execute(f"SELECT count(*) FROM ({sql})").fetchone()[0] for sql in broken_groups()]
    return {**found, **dict(zip(GROUPS, groups, strict=True))}


def by_group(connection: duckdb.DuckDBPyConnection, task: Task) -> dict[str, int]:
    """Check with one aggregation that all rules of rows and of groups are summed from, so that text is read twice, not thrice."""
    names = list(rules(task))
    counts = ", ".join(f"count(*) FILTER (NOT ({holds})) AS rule_{at}" for at, holds in enumerate(rules(task).values()))
    sums = ", ".join(f"sum(rule_{at})" for at in range(len(names)))
    many, high = (
        f"SELECT count(*) FROM ({sql})" for sql in broken_groups("groups", "sum(investigated)", "sum(rows)", "sum(amounts)")
    )
    found = connection.execute(f"""
        WITH groups AS MATERIALIZED (
            SELECT area, month, outcome, count(*) AS rows, sum(investigated::INTEGER) AS investigated,
                sum(amount) AS amount, count(amount) AS amounts, {counts}
            FROM cases GROUP BY area, month, outcome
        )
        SELECT {sums}, (SELECT {KEYS} FROM cases), ({many}), ({high}) FROM groups""").fetchone()
    return dict(zip([*names, "number is unique", *GROUPS], found, strict=True))


def source(task: Task) -> str:
    """Return the query for the file with its days, numbers and flags read; null where they cannot be."""
    text = f"read_parquet('{task.file}')" if task.is_parquet else f"read_csv('{task.file}', all_varchar = true, header = true)"
    return f"""
        SELECT *, try_cast(received_on AS DATE) AS received, try_cast(closed_on AS DATE) AS closed,
            try_cast(amount_yuan AS DOUBLE) AS amount, left(received_on, 7) AS month,
            nullif(regexp_extract(case_number, '{YEAR_OF_NUMBER}', 1), '') AS year,
            technical_investigator IN ({listed(YES)}) AS investigated
        FROM {text}"""


def listed(texts: list[str] | tuple[str, ...]) -> str:
    """Return texts as the members of a SQL list."""
    return ", ".join(f"'{text}'" for text in texts)


def rules(task: Task) -> dict[str, str]:
    """Return what holds in good rows; null where nothing can be said."""
    return {
        "number is filled": "case_number IS NOT NULL",
        "area is filled": "area IS NOT NULL",
        "received is filled": "received_on IS NOT NULL",
        "number is well formed": f"regexp_matches(case_number, '{NUMBER}')",
        "area is known": f"area IN ({listed(known('areas'))})",
        "court is known": f"court IN ({listed(known('courts'))})",
        "outcome is known": f"outcome IN ({listed(known('outcomes'))})",
        "received is a day": "received IS NOT NULL OR received_on IS NULL",
        "closed is a day": "closed IS NOT NULL OR closed_on IS NULL",
        "amount is not negative": "coalesce(amount >= 0, false) OR amount_yuan IS NULL",
        "flag is known": f"technical_investigator IN ({listed(FLAGS)})",
        "closed is not before received": "closed >= received",
        "number bears the year received": "year = CAST(year(received) AS VARCHAR)",
        **{rule: f"amount <= {limit}" for rule, limit in task.amount_limits.items()},
        **{rule: f"closed - received <= {limit}" for rule, limit in task.day_limits.items()},
    }


def broken_groups(
    table: str = "cases", investigated: str = "sum(investigated::INTEGER)", rows: str = "count(*)", amounts: str = "count(amount)"
) -> list[str]:
    """Return, for each rule of groups, the query for the groups that break it."""
    return [
        f"""SELECT area, month FROM {table} WHERE area IS NOT NULL AND month IS NOT NULL GROUP BY ALL
            HAVING {investigated} * 100 > {rows} * {MOST_INVESTIGATED_PCT}""",
        f"""SELECT area, outcome FROM {table} WHERE area IS NOT NULL AND outcome IS NOT NULL GROUP BY ALL
            HAVING sum(amount) > {amounts} * {MOST_MEAN_YUAN}""",
    ]
