"""The engine process: what loads a model and continues text."""
