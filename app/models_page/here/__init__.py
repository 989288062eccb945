"""The models on this computer: the list, what is done with them, and the folder they lie in."""
