"""The courier: speaks with the Hub through the gate, and with nobody else. It writes no file."""
