"""How an author likes to write."""

from practice.models import User
from sessions_log.models import Snippet, WritingStyle


def choose_format(*, user: User, member_format: str) -> None:
    """Begin this author's new notes about members in ``member_format``; notes that have words keep theirs."""
    WritingStyle.objects.update_or_create(user=user, defaults={"member_format": member_format})


def keep_snippet(*, author: User, name: str, text: str) -> Snippet:
    """Keep a sentence under a name; the same name again replaces its words."""
    snippet = Snippet.objects.filter(author=author, name=name).first() or Snippet(author=author, name=name)
    snippet.text = text
    snippet.save()
    return snippet
