"""Engines that go through registers in place of polars: DuckDB, Spark, or one of somebody else's.

An engine stages the rows as typed Parquet, and answers the same questions as polars does: the rules are the same expressions,
and what they find is told by the same code.
"""
