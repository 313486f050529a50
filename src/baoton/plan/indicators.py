"""The plan's own figures: work done and work due, papers issued and meetings held."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baoton.plan.queries import Indicator, task_key, tell

BOOK = "plan.work"
WORK = _("đầu việc")

tell(
    Indicator(
        "plan.done", _("Việc đã xong"), WORK, BOOK, "finished", {"status": "done"}, section="direction"
    ),
    Indicator("plan.due", _("Việc đến hạn trong năm"), WORK, BOOK, "due", section="direction"),
    Indicator(
        "plan.documents",
        _("Văn bản chỉ đạo đã ban hành"),
        pgettext_lazy("đơn vị tính", "văn bản"),
        "plan.document",
        by_area=False,
        section="direction",
    ),
    Indicator(
        "plan.meetings",
        _("Cuộc họp triển khai, giao ban"),
        pgettext_lazy("đơn vị tính", "cuộc họp"),
        "plan.meeting",
        by_area=False,
        section="direction",
    ),
    Indicator(
        "plan.special_use_forest_done",
        _("Bước đã xong trong việc lập khu rừng đặc dụng"),
        WORK,
        BOOK,
        "finished",
        {"task": lambda: task_key("special_use_forest"), "status": "done"},
        about="special_use_forest",
        section="special_use_forest",
    ),
)
