"""The walk from noise to a picture: schedule, noise, trajectory and where each came from."""
