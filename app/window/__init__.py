"""The window's frame: rail, top bar, pages, inspector and status line. It only assembles."""
