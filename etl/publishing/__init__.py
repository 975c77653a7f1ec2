"""How a warehouse is published: one load at a time, built beside the one in use, put in its place in one step, kept a while."""
