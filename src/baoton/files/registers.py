"""The book of evidence."""

from django.utils.translation import gettext_lazy as _

from baoton.files.actions import settle
from baoton.files.models import Evidence
from baoton.kit.kinds import Choice, Number, Text
from baoton.kit.reading.register import Register

evidence = Register(
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
        Text("exif_note", asked=False),
    ),
    show=("title", "kind", "taken", "exif_note", "size"),
    find=("kind",),
)
