"""The controller: what a person asks becomes state and jobs. No Qt."""
