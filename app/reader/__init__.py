"""The reader process: its main, and the jobs it does with `inspector`."""
