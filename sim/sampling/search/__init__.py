"""Searches over a family's scenarios: distinct failures, smallest failures, what drives danger."""
