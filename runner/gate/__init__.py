"""The gate: the one process that reaches the internet. It keeps no body and opens no file."""
