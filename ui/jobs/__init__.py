"""What is asked of the worker thread, what it reports, and the runner between them."""
