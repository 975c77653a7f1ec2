"""Engines that scan registers in place of polars: DuckDB, Spark, or one from another package.

An engine stages the rows as typed Parquet and answers the same queries: the rules are the same expressions, and the same code
reports what they find.
"""
