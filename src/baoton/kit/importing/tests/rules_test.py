"""Every rule that refuses a row has words."""

import re
from pathlib import Path

from baoton.kit.importing.rules import RULES

SRC = Path(__file__).resolve().parents[3]


def test_every_rule_has_words_and_every_word_its_rule() -> None:
    used: set[str] = set()
    files = [
        *SRC.glob("kit/kinds/*.py"),
        *SRC.glob("kit/importing/*.py"),
        *SRC.glob("*/imports.py"),
        *SRC.glob("*/imports/*.py"),
    ]
    for path in files:
        text = path.read_text(encoding="utf-8")
        used |= {r for r in RULES if path.name != "rules.py" and f'"{r}"' in text}
        for rule in re.findall(r'chunk\.refuse\(\s*[^"]*?"[^"]*",\s*"([a-z_]+)"', text):
            assert rule in RULES, (path.name, rule)
    assert used == set(RULES)
