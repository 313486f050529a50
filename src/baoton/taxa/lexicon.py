"""Every word that may mean a guarded taxon, in Latin, Vietnamese or English: a cell that holds one is guarded.

Nothing here says what a name means. It errs on the side of guarding: a person who knows better decides.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from baoton.taxa.spelling import likeness, slips
from baoton.taxa.written import bare, plain, words
from formats.syllables import is_syllable

CLOSE = 0.84
LONG = 7
WINDOW = 6
# After one of these the next word only likens: "rắn hổ", "cá voi", "cỏ voi".
LIKENED = frozenset({"rắn", "cá", "cỏ", "rau", "hoa", "nấm", "ong", "bướm", "bọ", "dế", "kiến", "chuồn"})
MARKS = frozenset(
    {
        "cf",
        "aff",
        "nr",
        "gr",
        "grp",
        "agg",
        "sp",
        "spp",
        "ssp",
        "subsp",
        "var",
        "x",
        "f",
        "ex",
        "group",
        "complex",
    }
)


class Level(NamedTuple):
    """How much of a place may be shown, why, and whether the name stands there in full."""

    level: int
    why: str
    sure: bool = False


OPEN = Level(0, "")


@dataclass
class Lexicon:
    """Guarded Latin names and genera, guarded common names, and the open ones that contain the same words."""

    latin: Mapping[str, tuple[int, str]]
    genera: Mapping[str, tuple[int, str]]
    groups: Mapping[str, tuple[int, str]]
    called: Mapping[str, tuple[int, str]]
    open_latin: frozenset[str]
    open_called: frozenset[str]
    known_genera: frozenset[str]
    local: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    heads: dict[str, tuple[int, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.latin, self.genera = _keyed(self.latin), _keyed(self.genera)
        self.open_latin, self.known_genera = (
            frozenset(_key(n) for n in names) for names in (self.open_latin, self.known_genera)
        )
        self.epithets: dict[str, dict[str, tuple[int, str]]] = defaultdict(dict)
        self.genus_slips: dict[str, set[str]] = defaultdict(set)
        self.epithet_slips: dict[str, set[str]] = defaultdict(set)
        self.run: dict[str, list[tuple[str, tuple[int, str], bool]]] = defaultdict(list)
        for name, level in self.latin.items():
            genus, *rest = name.split()
            for epithet in rest:
                if len(epithet) > 2:
                    self.epithets[epithet][genus] = max(level, self.epithets[epithet].get(genus, (0, "")))
            joined = "".join(bare(w) for w in name.split())
            if rest and len(joined) >= LONG:
                self.run[joined[:LONG]].append((joined, level, True))
        for genus in self.genera:
            for slip in slips(genus):
                self.genus_slips[slip].add(genus)
        for epithet in self.epithets:
            for slip in slips(epithet):
                self.epithet_slips[slip].add(epithet)
        self.common: dict[tuple[str, ...], tuple[int, str]] = {}
        self.common_slips: dict[str, set[str]] = defaultdict(set)
        self.joined: dict[str, tuple[int, str]] = {}
        self.single: dict[str, tuple[int, str]] = {}
        for name, level in (*self.called.items(), *self.local.items()):
            said = name.split()
            if len(said) == 1:
                self.single[_tone(said[0])] = max(level, self.single.get(_tone(said[0]), (0, "")))
                continue
            key = tuple(bare(w) for w in said)
            self.common[key] = max(level, self.common.get(key, (0, "")))
            joined = "".join(key)
            self.joined[joined] = max(level, self.joined.get(joined, (0, "")))
            if len(joined) >= LONG + 1:
                self.run[joined[:LONG]].append((joined, level, True))
                for slip in slips(joined):
                    self.common_slips[slip].add(joined)
        self.open_common = {tuple(bare(w) for w in n.split()) for n in self.open_called}
        self._heads()

    def _heads(self) -> None:
        """First words that mostly begin guarded names: "vượn", "voọc", "gấu"."""
        guarded: dict[str, list[tuple[int, str]]] = defaultdict(list)
        other: dict[str, int] = defaultdict(int)
        for name, level in self.called.items():
            guarded[name.split()[0]].append(level)
        for name in self.open_called:
            other[name.split()[0]] += 1
        self.heads = {
            h: max(levels) for h, levels in guarded.items() if len(levels) > 1 and len(levels) >= other[h]
        }
        self.plain_single: dict[str, tuple[int, str]] = {}
        for word, level in (*self.single.items(), *self.heads.items()):
            self.plain_single[bare(word)] = max(level, self.plain_single.get(bare(word), (0, "")))

    def weigh(self, written: str) -> Level:
        """The most guarded reading of a written name; 0 where no word of it may mean a guarded taxon."""
        shown = plain(written)
        said = words(shown)
        if not said:
            return OPEN
        keys = [bare(w) for w in said]
        toneless = shown.isascii() and sum(is_syllable(w) for w in said) * 2 >= len(said)
        found = [OPEN, *self._run("".join(keys)), *self._genera(keys), *self._epithets(said, keys)]
        found += self._common(said, keys, toneless)
        found += [Level(*self.groups[k]) for k in keys if k in self.groups]
        return max(found, key=lambda f: (f.level, f.sure))

    def _run(self, text: str) -> Iterable[Level]:
        """Full names written without spaces, with odd ones, or with signs between."""
        for i in range(len(text) - LONG + 1):
            for whole, level, sure in self.run.get(text[i : i + LONG], ()):
                if text.startswith(whole, i):
                    yield Level(*level, sure)

    def _genera(self, keys: Sequence[str]) -> Iterable[Level]:
        """A guarded genus, or one spelt almost so, unless with it stands a species known to be open."""
        for i, key in enumerate(keys):
            genus = self._genus(key)
            if genus is None:
                continue
            rest = [k for k in keys[i + 1 :] if k not in MARKS]
            if rest and f"{genus} {rest[0]}" in self.open_latin and not set(rest[1:]) & set(self.epithets):
                continue
            own = [e for k in rest[:3] for e in [self._epithet(k, genus)] if e]
            if own:
                yield Level(*max(self.epithets[e][genus] for e in own), False)
            yield Level(*self.genera[genus])

    def _genus(self, key: str) -> str | None:
        if key in self.genera:
            return key
        if len(key) < 5 or key in self.known_genera:
            return None
        near = {g for slip in slips(key) for g in self.genus_slips.get(slip, ())}
        ranked = sorted(((likeness(key, g), g) for g in near), reverse=True)
        return ranked[0][1] if ranked and ranked[0][0] >= CLOSE else None

    def _epithet(self, key: str, genus: str) -> str | None:
        """The guarded epithet of the genus that a word is, or is almost."""
        if genus in self.epithets.get(key, ()):
            return key
        near = {e for slip in slips(key) for e in self.epithet_slips.get(slip, ())} if len(key) > 4 else set()
        return next((e for e in sorted(near) if genus in self.epithets[e]), None)

    def _epithets(self, said: Sequence[str], keys: Sequence[str]) -> Iterable[Level]:
        """A guarded epithet that no other genus claims: alone, after a shortened genus, after other words."""
        for i, key in enumerate(keys):
            near = {key} & self.epithets.keys()
            if not near and len(key) > 6 and (i or len(keys) == 1):  # the first of several is a genus
                near = {e for slip in slips(key) for e in self.epithet_slips.get(slip, ())}
            for epithet in near:
                for genus, level in self.epithets[epithet].items():
                    if self._may_follow(said[:i], keys[:i], genus):
                        yield Level(*level)

    def _may_follow(self, said: Sequence[str], keys: Sequence[str], genus: str) -> bool:
        """Whether what stands before an epithet leaves the guarded genus possible."""
        if keys and len(keys[-1]) == 1 and genus.startswith(keys[-1]):
            return True
        before = [(s, k) for s, k in zip(said, keys, strict=True) if k not in MARKS]
        if not before:
            return True
        word, key = before[-1]
        if key in self.known_genera:
            return key == genus
        if slips(key) & slips(genus):
            return True
        if len(key) <= 3 and key.isascii():
            shorts = [k for _s, k in before[-3:] if len(k) <= 3]
            return any(genus.startswith(k) for k in shorts) or (len(key) > 1 and is_syllable(key))
        return is_syllable(word) or not word.isascii()

    def _common(self, said: Sequence[str], keys: Sequence[str], toneless: bool) -> Iterable[Level]:
        """Common names, the longest first; words of a longer open name are that name's own."""
        i = 0
        while i < len(said):
            taken = 1
            for n in range(min(WINDOW, len(said) - i), 1, -1):
                window = tuple(keys[i : i + n])
                level = self.common.get(window)
                if level is not None:
                    yield Level(*level, True)
                    taken = n
                    break
                if window in self.open_common:
                    taken = n
                    break
            else:
                yield from self._near(keys[i : i + WINDOW])
                yield from self._single(said, keys, i, toneless)
            i += taken

    def _near(self, keys: Sequence[str]) -> Iterable[Level]:
        """A common name of several words with one letter wrong."""
        for n in range(1, len(keys) + 1):
            text = "".join(keys[:n])
            if len(text) <= LONG:
                continue
            near = {j for slip in slips(text) for j in self.common_slips.get(slip, ())}
            for whole in near:
                yield Level(*self.joined[whole])

    def _single(self, said: Sequence[str], keys: Sequence[str], i: int, toneless: bool) -> Iterable[Level]:
        """A name of one word, or the first word of a guarded kind."""
        word = said[i]
        if i and said[i - 1] in LIKENED:
            return
        if word in self.heads:
            yield Level(*self.heads[word])
        level = self.single.get(_tone(word)) or self.single.get(_tone(word.removesuffix("s")))
        if level is not None:
            yield Level(*level)
        elif toneless and keys[i] in self.plain_single:
            yield Level(*self.plain_single[keys[i]])


def _key(name: str) -> str:
    return " ".join(bare(w) for w in name.split())


def _keyed(names: Mapping[str, tuple[int, str]]) -> dict[str, tuple[int, str]]:
    return {_key(name): level for name, level in names.items()}


def _tone(word: str) -> str:
    """The word with the falling-rising tone for the broken one, which are often confused: "hỗ" as "hổ"."""
    table = str.maketrans("ãẵẫẽễĩõỗỡũữỹ", "ảẳẩẻểỉỏổởủửỷ")
    return word.translate(table)


@lru_cache(maxsize=1)
def local_words() -> tuple[tuple[str, str], ...]:
    """Words that people use for guarded taxa beside their printed names: word, scientific name."""
    text = (files("baoton.taxa") / "guarded_words.csv").read_text(encoding="utf-8")
    return tuple((row["word"].lower(), row["scientific_name"]) for row in csv.DictReader(text.splitlines()))
