"""Readers of documents, one module a form."""
