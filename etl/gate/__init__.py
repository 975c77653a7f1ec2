"""The gate: findings, waivers, and the verdict."""
