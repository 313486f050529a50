"""A session of the council: its agenda stands still, each member has one vote, a decision adopts what passed."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from baoton.assessment.models import CATEGORIES, Item, Seat, Session, SpeciesStatus, Vote
from baoton.assessment.queries import Version, versions
from baoton.kit.access import Actor, may
from baoton.kit.kinds.words import as_text
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing.refusal import NotNow
from baoton.kit.writing.write import act, create, write

S, O, C = Session.Status, Item.Outcome, Vote.Choice


def session_of(record: Any) -> Session:
    """The session a row is of."""
    if isinstance(record, Session):
        return record
    return record.item.session if isinstance(record, Vote) else record.session


def judge(record: Any) -> None:
    """What belongs to a session changes while it is prepared alone; its own verbs lead on."""
    stored = Session.objects.filter(pk=session_of(record).pk).first()
    if stored is None or stored.status == S.DRAFT:
        return
    if isinstance(record, Session) and record.status != stored.status:
        return
    raise ValidationError(_("Phiên họp đã chốt phiếu; mở lại phiên họp rồi mới sửa."))


def stay(records: Iterable[Any]) -> None:
    """Nothing of a session that was held is taken out of it either: a record that is withdrawn is judged here."""
    for record in records:
        if record.withdrawn is not None:
            judge(record)


def freeze(record: Item) -> None:
    """The species comes with its newest version that nobody adopted yet, as it stands now."""
    if record.version_id is None and record.taxon_id:
        waiting = SpeciesStatus.objects.filter(taxon=record.taxon_id, withdrawn__isnull=True)
        found = waiting.filter(status=SpeciesStatus.Status.COMPUTED).order_by("-on", "-id").first()
        if found is None:
            raise ValidationError({"taxon": _("Loài này chưa có bản tình trạng nào chờ thông qua.")})
        record.version = found
    if record.version_id and not record.input_hash:
        record.input_hash = record.version.input_hash


def items_of(session: Session) -> list[Item]:
    rows = session.items.filter(withdrawn__isnull=True).select_related("taxon", "version__taxon")
    return list(rows.order_by("id"))


def present(session: Session) -> list[Seat]:
    """The members who vote: those who came."""
    return list(session.seats.filter(withdrawn__isnull=True, present=True).order_by("id"))


def not_ready(session: Session) -> str:
    """Why the votes cannot be counted yet, or an empty text."""
    items, seats = items_of(session), present(session)
    if not items:
        return _("Chưa có loài nào trong chương trình.")
    if not seats:
        return _("Chưa ghi thành viên nào có mặt.")
    given = Vote.objects.filter(item__in=items, seat__in=seats).count()
    if missing := len(items) * len(seats) - given:
        return _("Còn thiếu %(n)d phiếu.") % {"n": missing}
    return ""


@dataclass(frozen=True)
class Tally:
    """The votes of those present on one species, and what came of them."""

    seats: int
    counts: Mapping[str, int]
    others: Mapping[str, int]
    outcome: str
    decided: str


def tally(session: Session, item: Item, seats: list[Seat]) -> Tally:
    """One vote a member present; a category passes with the majority that the session goes by."""
    votes = list(item.votes.filter(seat__in=seats, withdrawn__isnull=True))
    counts = Counter(v.choice for v in votes)
    others = Counter(v.category for v in votes if v.choice == C.OTHER)
    outcome, decided = (O.FAILED, "") if len(votes) == len(seats) and seats else (O.PENDING, "")
    if _enough(session, counts[C.FOR], len(seats)):
        outcome, decided = O.PASSED, item.category
    for category, n in others.items():
        if _enough(session, n, len(seats)):
            outcome, decided = O.OTHER, category
    said = {c.value: counts[c.value] for c in C}
    return Tally(len(seats), said, dict(others), outcome, decided)


def _enough(session: Session, votes: int, seats: int) -> bool:
    if not seats:
        return False
    return 2 * votes > seats if session.majority == Session.Majority.HALF else 3 * votes >= 2 * seats


def hold(actor: Actor, session: Session, answers: Mapping[str, Any]) -> None:
    """Each species carries what the votes made of it."""
    seats = present(session)
    for item in items_of(session):
        counted = tally(session, item, seats)
        _settle(actor, item, counted.outcome, counted.decided)


def reopen(actor: Actor, session: Session, answers: Mapping[str, Any]) -> None:
    """The votes are open again; the minutes issued before stay in the history."""
    Session.objects.filter(pk=session.pk).update(status=S.DRAFT)
    for item in items_of(session):
        _settle(actor, item, O.PENDING, "")
    session.number = session.paper = ""


def _settle(actor: Actor, item: Item, outcome: str, decided: str) -> None:
    def work(stored: Item) -> None:
        stored.outcome, stored.decided = outcome, decided

    write(REGISTERS["assessment.item"], actor, "edit", item, work)


def decide(actor: Actor, session: Session, answers: Mapping[str, Any]) -> None:
    """Every version that passed is adopted with the numbers of the minutes and of the decision, and its signer."""
    if session.decided_on and session.decided_on < session.day:
        raise ValidationError({"decided_on": _("Quyết định không thể trước ngày họp.")})
    passed = [i for i in items_of(session) if i.outcome in (O.PASSED, O.OTHER)]
    seats = present(session)
    for item in passed:
        if item.version.input_hash != item.input_hash:
            raise NotNow(
                _("%(species)s: số liệu đã đổi từ khi hội đồng đọc; mở lại phiên họp và đưa bản mới ra.")
                % {"species": item.taxon}
            )
        counted = tally(session, item, seats)
        votes = counted.counts[C.FOR] if item.outcome == O.PASSED else counted.others[item.decided]
        reason = _(
            "Biên bản số %(minutes)s ngày %(day)s: %(votes)d/%(seats)d phiếu. Quyết định số %(number)s ngày "
            "%(on)s, %(signer)s ký."
        ) % {
            "minutes": session.number, "day": as_text(session.day), "votes": votes, "seats": len(seats),
            "number": session.decision, "on": as_text(session.decided_on), "signer": session.signer,
        }  # fmt: skip
        given = {"category": item.decided, "reason": reason, "adopted_on": session.decided_on}
        act(REGISTERS["assessment.status"], actor, item.version, "adopt", given)


@dataclass(frozen=True)
class Line:
    """One species on the page of its session: the version read, what changed in it, the votes and their sum."""

    item: Item
    version: Version | None
    votes: list[tuple[Seat, str, str]]
    counted: Tally


def told(actor: Actor, session: Session) -> dict[str, Any]:
    """For the page of a session: species by species the version, the votes of each member, the sum."""
    seats, lines = present(session), []
    for item in items_of(session):
        given = {v.seat_id: v for v in item.votes.filter(withdrawn__isnull=True)}
        version = next((v for v in versions(actor, item.taxon_id) if v.status.pk == item.version_id), None)
        votes = [(s, *_said(given.get(s.pk))) for s in seats]
        lines.append(Line(item, version, votes, tally(session, item, seats)))
    return {
        "session": session, "seats": seats, "lines": lines, "choices": choices(),
        "may_vote": session.status == S.DRAFT and may(actor, "assessment.vote.create") and bool(seats and lines),
        "why": not_ready(session) if session.status == S.DRAFT else "",
    }  # fmt: skip


def choices() -> list[tuple[str, str]]:
    """What a box of the sheet of votes offers: the three answers, then each other category."""
    plain = [(c.value, str(c.label)) for c in (C.FOR, C.AGAINST, C.ABSTAIN)]
    return [*plain, *((code, _("hạng khác: %(code)s") % {"code": code}) for code, _label in CATEGORIES)]


def _said(vote: Vote | None) -> tuple[str, str]:
    """The value of the box, and its words."""
    if vote is None:
        return "", ""
    value = vote.category if vote.choice == C.OTHER else vote.choice
    return value, dict(choices()).get(value, value)


def cast(actor: Actor, session: Session, item: Item, seat: Seat, value: str) -> None:
    """The member's vote on the species is this one; the same again changes nothing."""
    if value not in dict(choices()):
        raise ValidationError(_("Phiếu không hợp lệ."))
    plain = value in (C.FOR, C.AGAINST, C.ABSTAIN)
    choice, category = (value, "") if plain else (C.OTHER.value, value)
    if category == item.category:
        choice, category = C.FOR.value, ""
    book, known = REGISTERS["assessment.vote"], Vote.objects.filter(item=item, seat=seat).first()
    if known is None:
        create(book, actor, Vote(item=item, seat=seat, choice=choice, category=category))
    elif (known.choice, known.category) != (choice, category):

        def work(stored: Vote) -> None:
            stored.choice, stored.category = choice, category

        write(book, actor, "edit", known, work)
