"""The plan's own figures: work done and work late."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from baoton.plan.queries import Figure, indicator, tally, task_node


@indicator("plan.done", _("Việc đã xong"), _("đầu việc"), task=0, register="plan.work", section="direction")
def done(year: int) -> Mapping[str, Figure]:
    """Work of every task finished in the year."""
    return tally("plan.work", {"status": "done", "finished": str(year)})


@indicator(
    "plan.due", _("Việc đến hạn trong năm"), _("đầu việc"), task=0, register="plan.work", section="direction"
)
def due(year: int) -> Mapping[str, Figure]:
    """Work whose day falls in the year, done or not."""
    return tally("plan.work", {"due": str(year)})


@indicator(
    "plan.muong_te_done",
    _("Bước đã xong trong việc lập khu rừng đặc dụng Mường Tè"),
    _("đầu việc"),
    task=2,
    register="plan.work",
    section="muong_te",
)
def muong_te(year: int) -> Mapping[str, Figure]:
    """Steps towards the special-use forest finished in the year."""
    node = task_node(2)
    if node is None:
        return {"": Figure(None, why_unknown=_("chưa nạp kế hoạch"))}
    return tally("plan.work", {"task": node.pk, "status": "done", "finished": str(year)})
