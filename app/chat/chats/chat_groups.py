"""Chats under the headings of the list: pinned, today, yesterday, this week, earlier. Knows no Qt."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import Enum

from app.words.translation import translate
from runner.store.values import Chat


class Group(Enum):
    """A heading of the list, in its order."""

    PINNED = 0
    TODAY = 1
    YESTERDAY = 2
    WEEK = 3
    EARLIER = 4


def title_of(group: Group) -> str:
    """Returns a heading's words."""
    return {
        Group.PINNED: translate("ChatList", "Pinned"),
        Group.TODAY: translate("ChatList", "Today"),
        Group.YESTERDAY: translate("ChatList", "Yesterday"),
        Group.WEEK: translate("ChatList", "This week"),
        Group.EARLIER: translate("ChatList", "Earlier"),
    }[group]


def group_of(chat: Chat, now: float) -> Group:
    """Returns where a chat stands, by the calendar of this machine."""
    if chat.pinned:
        return Group.PINNED
    today = datetime.fromtimestamp(now).astimezone().date()
    day = datetime.fromtimestamp(chat.changed).astimezone().date()
    if day >= today:
        return Group.TODAY
    if day == today - timedelta(days=1):
        return Group.YESTERDAY
    if day > today - timedelta(days=7):
        return Group.WEEK
    return Group.EARLIER


def grouped(chats: Iterable[Chat], now: float) -> list[Chat | Group]:
    """Returns chats with the headings between them; chats come as the store lists them."""
    rows: list[Chat | Group] = []
    last: Group | None = None
    for chat in chats:
        group = group_of(chat, now)
        if group is not last:
            rows.append(group)
            last = group
        rows.append(chat)
    return rows
