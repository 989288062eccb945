"""Models on this machine: where they lie, which one comes along, and whether one has changed."""
