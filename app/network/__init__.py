"""The one door to the network: what is asked of a person, the switch, and what it starts and stops."""
