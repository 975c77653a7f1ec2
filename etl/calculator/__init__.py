"""Calculator behind `etl verify`: syntax, figures, quantities, the two sides, verdicts, and the report on them."""
