"""What the person's desktop knows of this app: a menu entry, and who opens its links."""
