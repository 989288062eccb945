"""The Weights tab: everything that stands in a file, and the numbers of its tensors."""
