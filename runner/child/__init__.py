"""What every child does first and last: streams, lifetime, sealing, heartbeat, errors."""
