"""Reports: gathered from the reader and the store, drawn as a page, saved, and checked again."""
