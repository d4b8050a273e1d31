"""Whole data sets: manifests, the run index, and the engines that work through them."""
