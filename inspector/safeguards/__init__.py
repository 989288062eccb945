"""Which safeguards a model as it runs here has, who put them there, and who can take them away."""
