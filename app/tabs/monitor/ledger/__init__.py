"""The ledger on screen: its rows, the check of its chain, its export, and what the Hub learned."""
