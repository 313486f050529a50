"""The book of evidence."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from baoton.files.actions import settle
from baoton.files.models import Evidence
from baoton.kit import lent
from baoton.kit.access import Actor, System
from baoton.kit.kinds import Choice, Number, Text
from baoton.kit.reading.register import Register
from baoton.kit.reading.retold import ours
from baoton.kit.refs import resolve


class Kept(Register):
    """Nobody adds evidence to a record that another body only lent him."""

    def judge(self, actor: Actor, record: Any, old: Mapping[str, Any] | None) -> None:
        about = None if old is not None else resolve(System(), record.about_type, record.about_id)
        if about is not None and not lent.may_read(actor, about, lent.ADDING):
            raise ValidationError(_("Bản ghi này của cơ quan khác: bạn chỉ được xem phần được chia sẻ."))


evidence = Kept(
    name="files.evidence",
    model=Evidence,
    label=_("Minh chứng"),
    one=_("minh chứng"),
    help=_("Ảnh, bản quét, quyết định kèm theo bản ghi; bản gốc giữ nguyên, có dấu sha256."),
    settle=settle,
    verbs=("create", "withdraw"),
    fields=(
        Text("title", asked=False),
        Choice("kind", asked=False),
        Text("taken", asked=False),
        Text("creator", asked=False),
        Text("licence", asked=False),
        Text("sha256", _("mã kiểm tra (sha256)"), asked=False),
        Number("size", asked=False),
        Text("exif_note", said=ours("exif_note"), asked=False),
    ),
    show=("title", "kind", "taken", "exif_note", "size"),
    find=("kind",),
)
