"""Workbooks (XLSX, XLS, ODS), read in a child process that may come to grief without harm."""
