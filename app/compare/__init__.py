"""The Compare page: models beside each other."""
