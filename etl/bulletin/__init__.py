"""Draft the annual bulletin from the warehouse, in Chinese or English."""
