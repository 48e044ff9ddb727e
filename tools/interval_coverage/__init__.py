"""Whether 95 % intervals of the study's metrics hold the truth 95 times in 100."""
