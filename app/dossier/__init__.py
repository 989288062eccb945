"""What is gathered about a model before the reader judges it: beside the file, in the store, on the Hub."""
