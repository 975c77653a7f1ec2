"""Calculator of `etl verify`: syntax, figures, quantities, verdicts and report."""
