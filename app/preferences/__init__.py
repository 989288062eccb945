"""The settings page: made from the settings' fields and their words."""
