"""Models on their way: the queue of fetches, its rules, and the papers that come along."""
