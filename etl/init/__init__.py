"""`etl init`: the folder of a project for another city."""
