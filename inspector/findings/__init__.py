"""What we hold of each part of a system, as two values with facts; judged elsewhere.

`stack` is the map of parts, `values` what a finding is, `evidence` derives findings from facts by
rules that are data, and `fingerprint` is the picture of them all.
"""
