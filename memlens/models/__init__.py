"""Diffusion models: loading, one file per family, all speaking ε̂."""
