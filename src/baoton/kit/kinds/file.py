"""A stored file as a column of a record: the original kept under its hash, given back through the record's door."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, ClassVar

import polars as pl
from django import forms
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baoton.kit import blobs
from baoton.kit.access import Actor, System
from baoton.kit.incoming import look, type_words
from baoton.kit.kinds import cells
from baoton.kit.kinds.base import Kind
from baoton.kit.kinds.words import as_text
from baoton.kit.models import StoredFile

if TYPE_CHECKING:
    from baoton.kit.reading.filters import Filter

HASH = re.compile(r"(?:^|sha256:)([0-9a-f]{64})$")


@dataclass(frozen=True, eq=False)
class File(Kind):
    """One file; the model's field is a `ForeignKey("kit.StoredFile")`. `accept` narrows what a browser offers.

    A form takes the file itself, a cell its name or its hash: of a file that the writer gave before, or that
    stands in a row of the same book he may see.
    """

    accept: str = ""
    most_mb: int = 100

    word: ClassVar[str] = "file"

    def open_to(self, record: Any) -> bool:
        """A file may show where a guarded record is, so it stays with the true place."""
        return bool(getattr(record, "door_precise", True))

    def stored(self, record: Any) -> StoredFile | None:
        """The file of a record, for whoever may have it."""
        if not self.open_to(record):
            return None
        found: StoredFile | None = getattr(record, self.name)
        return found

    # — reading —

    def read(self, text: pl.Series, tell: cells.Tell, actor: Actor) -> pl.Series:
        found = {word: self._found(word, actor) for word in text.unique().drop_nulls().to_list()}
        none = [w for w, keys in found.items() if not keys]
        many = [w for w, keys in found.items() if len(keys) > 1]
        told = _(
            "Không có tệp này trong các tệp bạn đã gửi; tải lên ở một bản ghi trước, rồi ghi tên hoặc mã."
        )
        tell.refuse(text.is_in(none).fill_null(False), "unknown_value", told)
        told = _("Nhiều tệp cùng tên này; ghi mã sha256 thay cho tên.")
        tell.refuse(text.is_in(many).fill_null(False), "ambiguous_value", told)
        keys = {w: next(iter(k.values())) for w, k in found.items() if len(k) == 1}
        return text.replace_strict(keys, default=None, return_dtype=pl.String)

    def _found(self, word: str, actor: Actor) -> dict[str, str]:
        """Hash → key of the newest stored file that the text names and the actor may use."""
        match = HASH.search(word.strip())
        named = Q(sha256=match[1]) if match else Q(name=word)
        rows = StoredFile.objects.filter(named, self._usable(actor)).order_by("stored", "pk")
        return {one.sha256: one.pk.hex for one in rows}

    def _usable(self, actor: Actor) -> Q:
        if isinstance(actor, System):
            return Q()
        own = Q(actor_id=actor.actor_id)
        if self.model is None:
            return own
        from baoton.kit.reading.register import of_model

        book = of_model(self.model)
        if book is None:
            return own
        door = book.door(actor)
        known = door.rows().filter(door.where(Q(), Q(disclosure=0)) if book.located else Q())
        return own | Q(pk__in=known.values(self.attname))

    # — showing —

    path = ""  # only the record as an object tells it

    def value(self, record: Any) -> str | None:
        """What a file or the API holds: name and hash."""
        one = self.stored(record)
        return None if one is None else f"{one.name} sha256:{one.sha256}"

    def text(self, record: Any) -> str:
        one = self.stored(record)
        if one is None:
            return ""
        told = ", ".join(w for w in (type_words(one.media_type), size_words(one.size)) if w)
        return f"{one.name} ({told})"

    def address(self, record: Any) -> str:
        from baoton.kit.reading.register import of_model

        book = of_model(type(record))
        if book is None or self.stored(record) is None:
            return ""
        return reverse("record-file", args=[book.slug, record.pk, self.name])

    @property
    def fetch(self) -> str:
        return "" if self.source else self.name

    def filter(self, key: str) -> "Filter":
        from baoton.kit.reading.filters import Held

        return Held(key, self.heading, self.attname)

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "description": "name sha256:hash"}

    # — asking —

    def form_fields(self, actor: Actor, record: Any) -> Mapping[str, forms.Field]:
        now = self.stored(record) if record is not None and not record._state.adding else None
        box = Chosen(self, actor, now)
        fields: dict[str, forms.Field] = {self.name: box}
        if now is not None and not self.needed:
            fields[f"{self.name}_drop"] = forms.BooleanField(
                required=False, label=gettext_lazy("bỏ tệp đang có")
            )
        return fields

    def written(self, record: Any) -> dict[str, Any]:
        return {}

    def gathered(self, cleaned: Mapping[str, Any]) -> Any:
        """The given file, `KEEP` where none was given, or None where the present one is to go."""
        given = cleaned.get(self.name)
        if given is not None:
            return given
        return None if cleaned.get(f"{self.name}_drop") else KEEP

    def put(self, record: Any, value: Any) -> None:
        if value is KEEP:
            return
        if isinstance(value, Given):
            value = value.keep().pk
        setattr(record, self.attname, value.pk if isinstance(value, StoredFile) else value)


KEEP = object()


@dataclass(frozen=True)
class Given:
    """A file that was given and looked at, not kept yet."""

    upload: Any
    media_type: str
    actor: Actor

    def keep(self) -> StoredFile:
        """The bytes lie under their hash, and a row says who gave them under which name."""
        blob = blobs.store(self.upload.chunks(), self.media_type)
        name = " ".join(PurePath((self.upload.name or "").replace("\\", "/")).name.split())[-300:] or "tep"
        return StoredFile.objects.create(
            sha256=blob.sha256, size=blob.size, media_type=self.media_type, name=name,
            actor_id=self.actor.actor_id, actor_name=self.actor.actor_name,
        )  # fmt: skip


class Chosen(forms.FileField):
    """The box of a file; without a new one the present one stays."""

    def __init__(self, kind: File, actor: Actor, now: StoredFile | None) -> None:
        self.kind, self.actor, self.now = kind, actor, now
        told = str(kind.help)
        if now is not None:
            told = " ".join(w for w in (told, _("Đang có: %(name)s.") % {"name": now.name}) if w)
        widget = forms.FileInput(attrs={"accept": kind.accept} if kind.accept else {})
        super().__init__(
            required=kind.needed and now is None, label=str(kind.heading), help_text=told, widget=widget,
            allow_empty_file=True,
        )  # fmt: skip

    def clean(self, data: Any, initial: Any = None) -> Given | None:
        upload = super().clean(data, initial)
        return Given(upload, look(upload, self.kind.most_mb), self.actor) if upload else None


def size_words(size: int) -> str:
    """A number of bytes as people say it."""
    for unit, much in (("MB", 1 << 20), ("kB", 1 << 10)):
        if size >= much:
            return f"{as_text(round(size / much, 1))} {unit}"
    return f"{as_text(size)} B"
