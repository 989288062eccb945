"""The Licence tab: which licence is stated, what it says in plain words, and what disagrees."""
