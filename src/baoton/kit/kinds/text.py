"""Words: a line, or a paragraph where the table sets no limit."""

from dataclasses import dataclass
from typing import Any, ClassVar

import polars as pl
from django import forms
from django.urls import reverse

from baoton.kit.access import Actor
from baoton.kit.kinds import cells
from baoton.kit.kinds.base import Kind


@dataclass(frozen=True, eq=False)
class Text(Kind):
    """Free words; too long is refused, never cut. `most` characters bound an answer that no column bounds.

    `suggests` is a book and its column whose values a form offers while somebody types; other words stay allowed.
    """

    most: int | None = None
    suggests: tuple[str, str] = ("", "")

    word: ClassVar[str] = "text"

    def read(self, text: pl.Series, tell: cells.Tell, actor: Actor) -> pl.Series:
        return cells.fitting(text, tell, self.longest)

    @property
    def longest(self) -> int | None:
        return self.most or super().longest

    def widget(self, actor: Actor, record: Any) -> forms.Widget:
        if self.longest is None:
            return forms.Textarea(attrs={"rows": 2})
        book, column = self.suggests
        if not book:
            return super().widget(actor, record)
        address = reverse("register-suggest", args=[book.replace(".", "-")])
        told: dict[str, Any] = {"data-suggest": f"{address}?by={column}", "autocomplete": "off"}
        return forms.TextInput(attrs={**told, "maxlength": self.longest})
