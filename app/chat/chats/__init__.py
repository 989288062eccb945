"""The list of chats: groups, search, and what is done to a chat."""
