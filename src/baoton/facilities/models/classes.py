"""The classes of animals and plants that a book tells apart."""

from django.utils.translation import gettext_lazy as _

KINDS = (
    ("sire", _("bố mẹ: đực")),
    ("dam", _("bố mẹ: cái")),
    ("male", _("đực khác")),
    ("female", _("cái khác")),
    ("unsexed", _("chưa rõ giới tính")),
    ("mother", _("cây mẹ")),
    ("seedling", _("cây giống")),
    ("plant", _("cá thể trồng")),
)
