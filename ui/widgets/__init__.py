"""Small controls that know nothing of memlens."""
