"""Reports of a check, a module for each format, and pages that explain the rules."""
