"""Workbooks (XLSX, XLS, ODS), read in a child process that may fail without harm."""
