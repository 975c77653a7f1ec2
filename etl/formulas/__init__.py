"""The calculator behind `etl verify`: syntax, figures, quantities, the two sides, verdicts, and how they are shown."""
