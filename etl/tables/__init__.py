"""Tables of figures: from raw text to bounded values, and the verdicts of rules."""
