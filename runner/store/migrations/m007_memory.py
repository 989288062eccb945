"""What models were worked out to need on this machine, and what they were seen to take."""

import sqlite3

# A line for each model and length of context, the latest run in place of the one before. A model is
# told by name and size: a hash would make a person wait for a figure that nothing hangs on.
SCHEMA = """
CREATE TABLE memory_use (
    name TEXT NOT NULL,
    size INTEGER NOT NULL,
    context INTEGER NOT NULL,
    layers_offloaded INTEGER NOT NULL,
    predicted INTEGER NOT NULL,
    loaded INTEGER NOT NULL,
    most INTEGER NOT NULL,
    taken REAL NOT NULL,
    PRIMARY KEY (name, size, context, layers_offloaded)
) STRICT
"""


def m007_memory(db: sqlite3.Connection) -> None:
    """Adds the figures of memory."""
    db.execute(SCHEMA)
