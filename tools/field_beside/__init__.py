"""Field-style drives beside recordings: distributions, tails and rates of conflicts."""
