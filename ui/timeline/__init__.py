"""The parts of the timeline."""
