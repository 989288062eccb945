"""Which model is meant, open and loaded: shared by the window, its pages and the command line."""
