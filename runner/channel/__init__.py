"""How messages travel between two processes: JSON lines for control, frames for bulk."""
