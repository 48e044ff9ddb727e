"""What `make docs` is made of: pages, tables inside pages, pictures."""
