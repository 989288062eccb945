"""The Chat page: its list, its transcript, its composer, and the controller that joins them."""
