"""The book of evidence."""

from django.utils.translation import gettext_lazy as _

from baoton.files.actions import settle
from baoton.files.models import Evidence
from baoton.kit.reading.columns import Column
from baoton.kit.reading.filters import Choice
from baoton.kit.reading.register import Register

evidence = Register(
    name="files.evidence",
    model=Evidence,
    label=_("Minh chứng"),
    one=_("minh chứng"),
    help=_("Ảnh, bản quét, quyết định kèm theo bản ghi; bản gốc giữ nguyên, có dấu sha256."),
    settle=settle,
    verbs=("create", "withdraw"),
    columns=(
        Column("title"),
        Column("kind"),
        Column("taken"),
        Column("exif_note"),
        Column("size", numeric=True),
    ),
    export=(
        Column("title"),
        Column("kind"),
        Column("taken"),
        Column("creator"),
        Column("licence"),
        Column("sha256"),
        Column("size", numeric=True),
        Column("exif_note"),
    ),
    filters=(Choice("kind", _("loại"), Evidence.Kind.choices),),
)
