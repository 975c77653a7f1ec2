"""One module a domain: from its kept rows to its marts."""
