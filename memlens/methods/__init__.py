"""Methods that make a map, one file each, found through `memlens.methods.registry`."""
