"""What the worker thread does, one file per job; it alone holds models. No Qt."""
