"""The list of claims beside the card: verdicts, evidence, probes, and a person's own word."""
