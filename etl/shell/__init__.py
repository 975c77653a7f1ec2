"""The interactive shell of `etl sql`: every query still runs in a process of its own, held by `etl.sandbox`."""
