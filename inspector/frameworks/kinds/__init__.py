"""One evaluator per kind of framework; `inspector.frameworks.evaluate` finds the one for a file."""
