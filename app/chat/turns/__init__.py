"""Questions and answers on screen, and what can be done with each."""
