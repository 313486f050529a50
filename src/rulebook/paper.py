"""What the country wants on every document of its bodies."""

from functools import lru_cache

from rulebook.reading import folder, read_yaml


@lru_cache(maxsize=1)
def nation_lines() -> tuple[str, str]:
    """The name of the State and its motto, as they stand at the head of a document."""
    first, second = read_yaml(folder("vn", "paper.yaml"))["nation"]
    return first, second
