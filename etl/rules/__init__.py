"""Rules about rules: whether they are sound, and what they mean in words."""
