"""Proofreading of a document: the relations that its text states, each judged by interval arithmetic."""
