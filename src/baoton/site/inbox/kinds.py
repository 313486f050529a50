"""The kinds of notices: mentions, tips, terms, work, alerts, and records of species under priority protection."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Min
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from baoton.kit.access import Actor, may
from baoton.kit.place import Disclosure
from baoton.kit.reading.asking import readable
from baoton.kit.reading.register import REGISTERS
from baoton.kit.reading.waiting import waiting
from baoton.notices import queries as notices
from baoton.notices.models import News
from baoton.notices.rules import SHOWN, Item, Rule, rule
from baoton.observations.models import Occurrence, Status
from baoton.observations.registers import occurrence as evidence
from baoton.people.models import Person
from baoton.places.queries import unit_name
from baoton.plan.queries import OPEN
from baoton.remarks import actions as remarks
from baoton.remarks.queries import named
from baoton.reporting.models import Outgoing
from baoton.site.calendar.entries import guarded
from baoton.site.inbox.alerts import ALERTS, own_places, within
from baoton.tips.queries import waiting as tips_waiting

SPECIES = "species"
AHEAD, OLDEST, SEEN = 7, 30, 90
"""Days before it falls due that a term is told, after which news is told no more, and for which a sighting is news."""
COUNTS = {"status": Status.VERIFIED, "occurrence_status": Occurrence.Presence.PRESENT}


def mentions(actor: Actor, today: date) -> Sequence[Item]:
    """Where the person is named in a remark; the words stay inside."""
    told = []
    for one in named(actor, SHOWN + 1):
        who = one.mention.remark.author_name
        words = _("%(who)s nhắc bạn ở %(record)s: %(text)s") % {
            "who": who, "record": one.record, "text": one.mention.remark.text[:120],
        }  # fmt: skip
        plain = _("%(who)s nhắc bạn trong một ý kiến.") % {"who": who}
        told.append(Item(f"mention-{one.mention.pk}", words, plain, one.address, about=one.mention.pk))
    return told


def tips(actor: Actor, today: date) -> Sequence[Item]:
    """Tips that wait for this person's answer; in a letter only that there is one."""
    book = REGISTERS["tips.tip"]
    return [
        Item(
            f"tip-{t.pk}",
            str(t),
            _("một tin báo chờ bạn trả lời"),
            book.url(t),
            t.due,
            bool(t.due and t.due < today),
        )
        for t in tips_waiting(actor, SHOWN + 1)[1]
    ]


def terms(actor: Actor, today: date) -> Sequence[Item]:
    """Legal terms that are late or fall due within a week; one that becomes late is told anew."""
    told = []
    for one in waiting(actor, today + timedelta(days=AHEAD), today, SHOWN + 1):
        words = f"{one.record}: {one.clock.word}, {one.words}"
        plain = (
            f"{one.register.one}: {one.clock.word}, {one.words}"
            if guarded(one.register, one.record)
            else words
        )
        late = "-late" if one.late else ""
        key = f"term-{one.clock.pk}-{one.clock.due}{late}"
        told.append(Item(key, words, plain, one.address, one.clock.due, one.late))
    return told


def work(actor: Actor, today: date) -> Sequence[Item]:
    """Open work of the reader's body that is late or falls due within a week; one that becomes late is told anew."""
    own, book = getattr(actor, "organisation_id", "") or "", REGISTERS["plan.work"]
    if not own or not readable(book, actor):
        return []
    until = today + timedelta(days=AHEAD)
    rows = (
        book.door(actor).rows().filter(responsible=own, status__in=OPEN, due__lte=until).order_by("due", "id")
    )
    told = []
    for one in rows[: SHOWN + 1]:
        late = one.due < today
        key = f"work-{one.pk}-{one.due}{'-late' if late else ''}"
        told.append(Item(key, str(one), str(one), book.url(one), one.due, late))
    return told


def papers(actor: Actor, today: date) -> Sequence[Item]:
    """Reports that wait for this reader: to be approved by another than who presented them, mended, or issued."""
    book, states = REGISTERS["reporting.outgoing"], Outgoing.Status
    if not readable(book, actor):
        return []
    asked: list[str] = [states.WAITING] if may(actor, f"{book.name}.approve") else []
    asked += [states.RETURNED, states.APPROVED] if may(actor, f"{book.name}.present") else []
    rows = book.door(actor).rows().filter(status__in=asked).order_by("id")
    rows = rows.exclude(status=states.WAITING, presented_by=actor.actor_name)
    told = []
    for one in rows[: SHOWN + 1]:
        report, edition = (kind.text(one) for kind in book.shown[:2])
        words = _("Báo cáo %(report)s, %(edition)s: %(state)s") % {
            "report": report, "edition": edition, "state": one.get_status_display(),
        }  # fmt: skip
        told.append(Item(f"paper-{one.pk}-{one.status}", words, words, book.url(one)))
    return told


def species(actor: Actor, today: date) -> Sequence[Item]:
    """Fresh records of priority species in the reader's area, and of species that he watches.

    Everything is asked through his door now: whether he may see the record, where it lies as he may know it, and
    whether it is the first there among the records that he may see. A record that became guarded since is told with
    its shown place, or not at all.
    """
    if not isinstance(actor, Person) or not readable(evidence, actor):
        return []
    since = today - timedelta(days=OLDEST)
    kept = News.objects.filter(rule=SPECIES, at__date__gte=since)
    at = dict(kept.values_list("record", "at"))
    if not at:
        return []
    _areas, taxa = notices.watched(actor)
    door, recent = evidence.door(actor), {"day_start__gte": today - timedelta(days=SEEN)}
    noted = door.rows().filter(pk__in=kept.values("record"), taxon__isnull=False, **COUNTS, **recent)
    rows = list(door.open(noted.select_related("taxon")))
    rows = [r for r in rows if r.taxon_id in taxa or within(r.area_path, own_places(actor))]
    counted = door.open(door.rows().filter(taxon__in={r.taxon_id for r in rows}, **COUNTS))
    firsts = {
        (taxon, area): day
        for taxon, area, day in counted.order_by()
        .values_list("taxon_id", "door_area_path")
        .annotate(day=Min("sort_day"))
    }
    rows.sort(key=lambda r: (at[r.pk], str(r.pk)), reverse=True)
    return [_told(r, firsts) for r in rows[: SHOWN + 1]]


def _told(row: Any, firsts: dict[tuple[Any, str], int]) -> Item:
    name = row.taxon.vernacular_vi.split(";")[0] or row.taxon.scientific_name
    first = (
        "/" in row.area_path and row.sort_day and firsts.get((row.taxon_id, row.area_path)) == row.sort_day
    )
    place = unit_name(row.area_path) if row.area_path else _("nơi không công bố")
    told = (
        _("%(species)s: ghi nhận đầu tiên ở %(place)s")
        if first
        else _("%(species)s: ghi nhận mới ở %(place)s")
    )
    words = told % {"species": name, "place": place}
    if row.disclosure != Disclosure.AS_IS:
        plain = _("%(species)s: một ghi nhận mới, nơi gặp không ghi trong thư") % {"species": name}
    else:
        plain = words
    return Item(f"species-{row.pk}", words, plain, evidence.url(row), row.day_start)


def _heard(person: Person, item: Item) -> None:
    remarks.heard(person, item.about)


def declare() -> None:
    """Every kind, in the order in which a reader meets them."""
    for one in (
        Rule(
            "mention", gettext_lazy("Nhắc đến bạn"), gettext_lazy("ý kiến có ghi @ tên bạn"), mentions, _heard
        ),
        Rule("tip", gettext_lazy("Tin báo chờ bạn trả lời"), gettext_lazy("tin báo giao cho bạn"), tips),
        Rule(
            "term",
            gettext_lazy("Thời hạn đang tính"),
            gettext_lazy("đã quá hoặc còn dưới một tuần"),
            terms,
            shared=True,
        ),
        Rule(
            "work",
            gettext_lazy("Việc của cơ quan tôi"),
            gettext_lazy("đã trễ hoặc đến hạn trong một tuần"),
            work,
            shared=True,
        ),
        Rule(
            "paper",
            gettext_lazy("Báo cáo chờ bạn"),
            gettext_lazy("chờ duyệt, bị trả lại, đã duyệt chờ phát hành"),
            papers,
            shared=True,
        ),
        *ALERTS,
        Rule(
            SPECIES,
            gettext_lazy("Loài ưu tiên"),
            gettext_lazy(
                "gặp trong 90 ngày, xác minh trong 30 ngày qua, ở địa bàn của cơ quan bạn hoặc nơi, loài bạn theo dõi"
            ),
            species,
            shared=True,
        ),
    ):
        rule(one)
