"""How a process closes itself off, and how its parent proves that it has.

Everything here is the standard library and the kernel's own interfaces: no privilege, no
dependency. `seal` runs in the child before its heavy imports; `proof` and `labels` run in the
porter. A wall that a system does not have is left out and shown as missing, never assumed.
"""
