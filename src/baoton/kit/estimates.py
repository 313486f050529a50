"""Why an analysis gives no number, in words of the catalogue: its own words are English and for whoever programs."""

from django.utils.translation import gettext_noop

from ecostat.errors import Infeasible, NotConverged, Separation, TooFewData, TooFewPoints

REASONS = (
    (TooFewPoints, gettext_noop("có quá ít vị trí khác nhau để tính")),
    (TooFewData, gettext_noop("có quá ít số liệu để tính")),
    (NotConverged, gettext_noop("phép tính không hội tụ nên không cho con số")),
    (Separation, gettext_noop("một yếu tố quyết định hết kết quả nên không ước lượng được")),
    (Infeasible, gettext_noop("không phương án nào đạt đủ các điều kiện")),
)
ELSE = gettext_noop("không tính được với các số này")


def why_none(error: Exception) -> str:
    """The reason as it is kept; told by `gettext` where it is read."""
    return next((words for kind, words in REASONS if isinstance(error, kind)), ELSE)
