"""The Monitor tab: who can see a run, what enforces that, and what nobody has measured."""
