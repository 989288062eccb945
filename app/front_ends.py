"""Which module each front end runs, known before anything else is imported."""

WINDOW = "app.window_process"
TERMINAL = "app.terminal_process"
