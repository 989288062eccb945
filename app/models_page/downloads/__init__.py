"""What is on its way: the queue joined to the window, and on screen."""
