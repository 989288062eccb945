"""The tables of the page: rows, cells, and how they are drawn."""
