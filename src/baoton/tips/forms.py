"""What the public page asks: the same fields as the book of tips, fewer of them, with sentences for a villager."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baoton.kit.incoming import look, type_words
from baoton.kit.kinds.words import as_text
from baoton.kit.pages.form import KindForm
from baoton.kit.reading.register import REGISTERS
from baoton.tips.actions.receiving import SOMEBODY
from baoton.tips.models import LONGEST, Sender, Tip

ASKED = ("kind", "what", "area_path", "locality", "geom", "day", "hour")
MOST_PHOTOS, MOST_MB, LONGEST_WORD = 6, 15, 2_000
PICTURES = {"image/jpeg", "image/png", "image/webp", "image/heic", "image/gif", "image/tiff"}
FILMS = (b"ftyp", b"\x1aE\xdf\xa3", b"RIFF", b"\0\0\x01\xba", b"OggS", b"FLV")


class TipForm(KindForm):
    """One tip as its sender writes it; `photos` are looked at by their bytes, each refused in one sentence."""

    def __init__(self, *args: Any, **more: Any) -> None:
        kinds = [kind for kind in REGISTERS["tips.tip"].asked if kind.name in ASKED]
        super().__init__(kinds, SOMEBODY, Tip(), *args, **more)
        for name in ("shape", "shape_file", "shape_pick", "shape_system"):
            self.fields.pop(name, None)
        self.fields["kind"].error_messages["required"] = _("Chọn một ô nói về việc bạn thấy.")
        self.fields["what"].error_messages["required"] = _("Kể vài chữ: bạn thấy gì?")
        most = Sender._meta.get_field("contact").max_length
        self.fields["contact"] = forms.CharField(
            required=False, max_length=most, strip=True,
            error_messages={"max_length": _("Chỗ này ghi được nhiều nhất %(n)d chữ.") % {"n": most or 0}},
        )  # fmt: skip
        self.boxes = {
            name: [box for box in boxes if box in self.fields] for name, boxes in self.boxes.items()
        }

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        day = self.read.get("day")
        if day is not None and str(day) > f"{timezone.localdate():%Y-%m-%d}":
            told = _("Ngày %(day)s chưa đến. Ghi ngày đã xảy ra, hoặc để trống nếu không nhớ.")
            self.add_error("day", told % {"day": _said_day(day)})
        return given


def _said_day(day: Any) -> str:
    from datetime import date

    return as_text(day if isinstance(day, date) else date.fromisoformat(str(day)[:10]))


def photos(given: Sequence[Any]) -> list[str]:
    """What is wrong with the chosen files, a sentence each; none where all of them may be kept."""
    if len(given) > MOST_PHOTOS:
        told = _(
            "Bạn chọn %(n)d ảnh; một tin gửi được nhiều nhất %(most)d ảnh. Chọn lại %(most)d ảnh rõ nhất."
        )
        return [told % {"n": len(given), "most": MOST_PHOTOS}]
    return [told for one in given if (told := photo(one))]


def too_many(there: int, more: int) -> list[str]:
    """Why no more photos are taken for a tip, in a sentence; none where they are."""
    if not more or there + more <= MOST_PHOTOS:
        return []
    told = _("Tin này đã có %(n)d ảnh; một tin nhận nhiều nhất %(most)d ảnh.")
    return [told % {"n": there, "most": MOST_PHOTOS}]


def photo(one: Any) -> str:
    """Why a file is no photo that may be kept, in a sentence; empty where it is one."""
    name, mb = one.name or _("tệp"), (one.size or 0) / (1 << 20)
    words: Mapping[str, Any] = {"name": name, "mb": as_text(round(mb, 1)), "most": MOST_MB}
    one.seek(0)
    head = one.read(64)
    one.seek(0)
    try:
        found = look(one, MOST_MB * 100)
    except ValidationError:
        if not one.size:
            return _("“%(name)s” rỗng, không có gì bên trong. Chọn lại ảnh.") % words
        return _("“%(name)s” không phải ảnh chụp nên không nhận. Gửi ảnh JPG, PNG hoặc HEIC.") % words
    if found not in PICTURES:
        if _film(head):
            return (
                _("“%(name)s” là phim (%(mb)s MB); chỗ này chỉ nhận ảnh. Chụp màn hình một cảnh rồi gửi.")
                % words
            )
        told = type_words(found) or _("không rõ loại")
        return _("“%(name)s” không phải ảnh mà là tệp %(type)s. Gửi ảnh JPG, PNG hoặc HEIC.") % {
            **words,
            "type": told,
        }
    if mb > MOST_MB:
        return _("“%(name)s” nặng %(mb)s MB; mỗi ảnh nặng nhất %(most)d MB. Chọn ảnh nhỏ hơn.") % words
    return ""


def _film(head: bytes) -> bool:
    return head[4:8] == b"ftyp" or head.startswith(FILMS)


class WordForm(forms.Form):
    """Something more that the sender says."""

    text = forms.CharField(
        max_length=LONGEST_WORD,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": gettext_lazy("Viết vài chữ rồi gửi."),
            "max_length": gettext_lazy("Lời nhắn dài nhất 2.000 chữ; rút ngắn hoặc gửi làm hai lần."),
        },
    )


__all__ = ["LONGEST", "MOST_PHOTOS", "TipForm", "WordForm", "photos"]
