"""A person's own word on a model, as it is kept: verdicts, disagreements, probes, benches."""
