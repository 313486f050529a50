"""What a drawing did, kept as facts and put into words when it is read."""

import json
from typing import Any

from django.utils.translation import gettext

from baoton.kit.kinds.words import as_text


def fact(words: str, **values: Any) -> str:
    """One line: a sentence of the catalogue and its values; a list of one text is itself put into words."""
    return json.dumps([words, values], ensure_ascii=False)


def in_words(lines: str) -> str:
    """The facts in the reader's language, a line each; a line that is no fact is older and stays as it was written."""
    return "\n".join(_said(line) for line in lines.splitlines())


def _said(line: str) -> str:
    try:
        words, values = json.loads(line)
    except (ValueError, TypeError):
        return line
    told = {k: gettext(v[0]) if isinstance(v, list) else v for k, v in values.items()}
    told = {k: int(v) if isinstance(v, float) and v.is_integer() else v for k, v in told.items()}
    return gettext(words) % {k: as_text(v) if f"%({k})s" in words else v for k, v in told.items()}
