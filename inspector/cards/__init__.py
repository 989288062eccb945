"""Reads model cards: front matter, sections, tables and links, each with the line it stands in.

Cards are hostile text: whatever is in one, reading is bounded, opens nothing and fetches nothing.
"""
