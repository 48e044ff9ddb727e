"""What simulated edge cases are worth: arms trained alike and judged on recordings kept out."""
