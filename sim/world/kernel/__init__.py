"""The compiled run: one scenario's steps from first to last, scenarios over threads."""
