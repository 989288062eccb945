"""Where a person types, what goes along, and how much room is left."""
