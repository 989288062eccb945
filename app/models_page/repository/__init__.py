"""The page of one repository: its facts, its files to choose from, its texts."""
