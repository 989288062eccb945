"""The chat's state machine: what is asked, what fits, what arrives, what is kept."""
