"""Mutation testing: the transcription errors that a project's rules would notice."""
