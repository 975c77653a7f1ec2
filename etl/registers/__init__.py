"""Registers: tables of records of any size, read as a stream, checked in one pass, and counted by month."""
