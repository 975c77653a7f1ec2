"""Export tables of the warehouse in standard formats, with their metadata."""
