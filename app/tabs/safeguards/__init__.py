"""The Safeguards tab: which layers are there, who put them there, and who can take them away."""
