"""Finding models: what is typed, good first ones, what the Hub found, and what narrows it."""
