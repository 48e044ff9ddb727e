"""What a run covers, in inputs and outcomes, and what to sample next."""
