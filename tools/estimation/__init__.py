"""Rare-event problems with known answers, and how `sim.sampling.estimate` does on them."""
