"""Small generic widgets, shared by every page. They know the theme's looks and nothing else of ours."""
