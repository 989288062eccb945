"""The Summary tab: what a file is, in facts."""
