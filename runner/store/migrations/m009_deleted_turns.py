"""When a turn was deleted, so that it is removed for good as late as a deleted chat is."""

import sqlite3
import time


def m009_deleted_turns(db: sqlite3.Connection) -> None:
    """Adds the time of a turn's deletion."""
    db.execute("ALTER TABLE turn ADD COLUMN deleted REAL")
    db.execute("CREATE INDEX turn_deleted ON turn(deleted) WHERE deleted IS NOT NULL")
    # What is deleted already counts from now: nothing says when that was.
    db.execute("UPDATE turn SET deleted = ? WHERE deleted_with IS NOT NULL", (time.time(),))
