"""The Openness tab: the fingerprint, the evidence of a tile, and the frameworks side by side."""
