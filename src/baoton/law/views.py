"""The decision tables read aloud: when … then what, where it is written, how sure. They are law, open to all."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from baoton.law.queries import language, sure
from rulebook.certainty import weakest
from rulebook.decisions import Table, said_as, sanctions, spoken, tables, words

KINDS = {
    "administrative": gettext_lazy("Xử phạt vi phạm hành chính"),
    "criminal": gettext_lazy("Dấu hiệu hình sự"),
    "circumstance": gettext_lazy("Tình tiết"),
}


@require_GET
def all_tables(request: HttpRequest) -> HttpResponse:
    """Every table with its article, its days and how sure it is; narrowed to one act on request."""
    act, lang = request.GET.get("hanh_vi", ""), language()
    if act and act not in words()["acts"]:
        raise Http404(act)
    told = [_outline(one) for one in tables().values() if not act or one.acts is None or act in one.acts]
    groups = [(label, [one for one in told if one["kind"] == kind]) for kind, label in KINDS.items()]
    acts = [(code, said_as("acts", code, lang)) for code in words()["acts"]]
    return render(
        request,
        "law/tables.html",
        {"groups": [g for g in groups if g[1]], "acts": acts, "act": act, "many": len(told)},
    )


def _outline(table: Table) -> dict[str, Any]:
    today = timezone.localdate()
    now = [row for row in table.rows if row.period.holds(today)]
    mark = weakest(row.certainty for row in (now or table.rows))
    ends = [period.end for period in table.periods]
    return {
        "id": table.id,
        "kind": table.kind,
        "name": table.en if language() == "en" else table.vi,
        "where": ", ".join(part for part in (table.source, table.article) if part),
        "since": min((p.start for p in table.periods if p.start), default=None),
        "until": None if None in ends else max(end for end in ends if end),
        "rows": len({row.id for row in table.rows}),
        "mark": mark if table.rows else "unverified",
        "sure": sure(mark if table.rows else "unverified", language()),
        "unread": table.unread,
        "now": table.holds(today),
    }


@require_GET
def one_table(request: HttpRequest, name: str) -> HttpResponse:
    """One table, a line a row, with the text of what its clauses add to the fine."""
    table = tables().get(name)
    if table is None:
        raise Http404(name)
    lang = language()
    rows = [(row, spoken(row, lang)) for row in table.rows]
    adds = [
        (_("Khắc phục hậu quả") if remedy else _("Xử phạt bổ sung"), first, last, does)
        for remedy, first, last, does in sanctions(table, lang)
    ]
    after = tables().get(table.replaced_by)
    return render(
        request,
        "law/table.html",
        {
            "table": _outline(table), "rows": rows, "adds": adds, "kind": KINDS[table.kind],
            "replaced": None if after is None else _outline(after),
        },
    )  # fmt: skip
