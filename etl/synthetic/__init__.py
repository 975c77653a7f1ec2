"""Made-up registers of any size, in agreement with the published figures."""
