"""Engines that scan registers instead of polars: DuckDB, Spark, or a plug-in.

An engine stages the rows as typed Parquet and answers the same queries: the rules are the same expressions, and the same code
reports what they find.
"""
