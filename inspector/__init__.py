"""What a model is and how open: readers, lineage, licences, claims, findings, frameworks, reports.

No Qt, no network and no llama.cpp in here; everything in this package may be fed hostile input
and is therefore run in the reader process.
"""
