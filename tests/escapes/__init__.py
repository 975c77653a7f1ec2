"""What a hostile query may try, by class."""
