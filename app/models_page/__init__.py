"""The Models page: what is on this computer, and what can be found, looked into and fetched."""
