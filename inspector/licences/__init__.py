"""Licences: which one is stated, whether a text is what it is said to be, and what its terms say.

Three things are kept apart throughout: the label (a name in a header or card), the text (a licence
file) and the notice. Nothing here gives legal advice; it reports what was read, and from where.
"""
