"""Keys that a client can make offline, and keys that a source already implies."""

from uuid import NAMESPACE_URL, UUID, uuid5

from uuid_utils.compat import uuid7 as _uuid7


def new_id() -> UUID:
    """A UUIDv7: made anywhere without asking the server, and ordered by the moment it was made."""
    return _uuid7()


def source_id(dataset: str, key: str) -> UUID:
    """The UUIDv5 that one dataset's own key always maps to, so that a second load finds the first.

    Anybody can make it again: for names that are public. Source ids of records go through `kit.keyed`.
    """
    return uuid5(NAMESPACE_URL, f"baoton:{dataset}\x1f{key}")
