"""The porter's end of a listener: learns which call the kernel holds, and refuses it."""


def refuse(listener: int) -> str | None:
    """Refuses the call that waits; returns its name, or None where none waits any more."""
    return None
