"""What the country wants on every document of its bodies: its words, its page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from rulebook.reading import folder, read_yaml


@dataclass(frozen=True)
class Page:
    """A page of paper in millimetres, points and centimetres, as its names say."""

    font: str
    paper_mm: tuple[float, float]
    margins_mm: Mapping[str, float]
    body_pt: float
    first_line_cm: float
    after_pt: float
    head_cm: tuple[float, float]


@dataclass(frozen=True)
class Paper:
    """The two lines at the head, the words every document bears, its language and its page."""

    nation: str
    motto: str
    words: Mapping[str, str]
    language: str
    page: Page

    def day(self, on: date | None) -> str:
        """A day as a document writes it, with blanks to fill in where it is not known; January and February in full."""
        if on is None:
            blank = self.words["blank"]
            return self.words["day"].format(day=blank, month=blank, year=blank)
        month = f"{on.month:02d}" if on.month < 3 else str(on.month)
        return self.words["day"].format(day=f"{on.day:02d}", month=month, year=on.year)


@lru_cache(maxsize=1)
def paper() -> Paper:
    """The layout in force."""
    told = read_yaml(folder("vn", "paper.yaml"))
    first, second = told["nation"]
    page = told["page"]
    paged = Page(
        page["font"], tuple(page["paper_mm"]), page["margins_mm"], page["body_pt"], page["first_line_cm"],
        page["after_pt"], tuple(page["head_cm"]),
    )  # fmt: skip
    return Paper(first, second, told["words"], told["language"], paged)
