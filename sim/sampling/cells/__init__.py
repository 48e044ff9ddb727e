"""Cells that the unit cube of a family is cut into, and which combinations of them can be had."""
