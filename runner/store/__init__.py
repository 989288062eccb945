"""What must outlive the app, in one SQLite database: chats, files, measurements, the ledger."""

from runner.store.store import Store

__all__ = ["Store"]
