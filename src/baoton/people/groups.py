"""Which groups of taxa a grant may be narrowed to; an app above tells once, at start."""

from collections.abc import Iterable

from baoton.kit.kinds.words import Text

GROUPS: list[tuple[str, Text]] = []


def tell_groups(groups: Iterable[tuple[str, Text]]) -> None:
    """The groups of the installation are these."""
    GROUPS[:] = list(groups)


def name(group: str) -> str:
    return str(dict(GROUPS).get(group, group))
