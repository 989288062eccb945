"""Addresses that a model wrote: shown whole, asked about, opened outside."""
