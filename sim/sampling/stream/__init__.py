"""Streams that learn where danger lies, with the exact weight of every draw."""
