"""GGUF files: a bounded, lazy reader for headers, tensors, split sets, digests and values.

The bytes are untrusted: every count, length and offset is checked against the file's size before
anything is read or allocated for it. Nothing here maps a file into memory, because a mapped file
that shrinks kills the process. Call it in the reader process only.
"""
