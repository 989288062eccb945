"""What runs: the porter, the protocol, child processes, confinement, the engine, the store."""
