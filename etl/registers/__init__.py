"""Registers: tables of records of any size, checked in one pass, counted by month."""
