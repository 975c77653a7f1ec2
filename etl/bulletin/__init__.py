"""The annual bulletin written back from the warehouse, in Chinese or English: a draft that an office edits."""
