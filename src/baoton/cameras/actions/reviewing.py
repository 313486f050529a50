"""What a person says a sequence shows, one answer a key; a second person for a species that is guarded."""

from collections.abc import Mapping
from collections.abc import Sequence as Many
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext as _

from baoton.cameras.models import Answer, Kind, Media, Sequence
from baoton.kit.access import Actor, System
from baoton.kit.ids import new_id
from baoton.kit.kinds.moment import clock
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.kit.writing.refusal import NotNow
from baoton.kit.writing.verb import Do
from baoton.observations.models import Occurrence
from baoton.taxa.models import Taxon
from baoton.taxa.queries import match

S = Sequence.Status
ROUND = {S.WAITING: 1, S.SECOND: 2, S.DIFFER: 3}
OFFERED = 6


def answered(kind: str, more: bool = False) -> Do:
    """The work of one answer: the sequence shows this; with `more` it stays, for another species in it."""

    def do(actor: Actor, record: Sequence, answers: Mapping[str, Any]) -> None:
        stood = Sequence.objects.values_list("status", flat=True).get(pk=record.pk)
        turn = ROUND[S(stood)]
        if turn == 2 and record.first_by == actor.actor_id:
            raise NotNow(_("Loài ưu tiên cần người thứ hai xem độc lập; bạn đã xem loạt này."))
        made = _say(actor, record, kind, turn, answers)
        if kind == Kind.HUMAN:
            _rows(record).update(people=True)
        record.status = stood if more else _ends(record, turn, made)
        if turn == 1:
            record.first_by = actor.actor_id
        elif turn == 2:
            record.second_by = actor.actor_id

    return do


def _say(actor: Actor, record: Sequence, kind: str, turn: int, answers: Mapping[str, Any]) -> Answer:
    name, taxon = str(answers.get("name") or "").strip(), None
    if kind == Kind.ANIMAL:
        if not name:
            raise NotNow(_("Ghi tên loài."))
        found = match([name], record.organisation)[0]
        taxon = None if found.taxon_id is None else Taxon.objects.get(pk=found.taxon_id)
    fresh = Answer(
        id=new_id(), deployment_id=record.deployment_id, sequence=record, started=record.started, ended=record.ended,
        kind=kind, taxon=taxon, scientific_name=(taxon.scientific_name if taxon else name)[:300],
        count=answers.get("count"), method=Answer.Method.HUMAN, by=actor.actor_name[:200], round=turn,
        organisation=record.organisation, area_path=record.area_path, last_repair=record.last_repair,
        extra={"actor": actor.actor_id},
    )  # fmt: skip
    fresh.answer_id = f"review-{fresh.pk}"
    if kind == Kind.ANIMAL and turn != 2:
        fresh.occurrence = _seen(actor, record, fresh, taxon)
    made: Answer = write.create(REGISTERS["cameras.answer"], System(), fresh)
    return made


def _seen(actor: Actor, record: Sequence, said: Answer, taxon: Taxon | None) -> Occurrence | None:
    """The encounter stands in the evidence stream, waiting to be verified; one already made of it is that one."""
    known = Answer.objects.filter(
        sequence=record, scientific_name=said.scientific_name, occurrence__withdrawn__isnull=True,
        occurrence__isnull=False, withdrawn__isnull=True,
    ).first()  # fmt: skip
    if known is not None:
        return known.occurrence
    camera, first, last = record.deployment, clock(record.started), clock(record.ended)
    fresh = Occurrence(
        event=camera.visit, taxon=taxon, scientific_name=said.scientific_name, individual_count=said.count,
        basis_of_record="MachineObservation", identified_by=actor.actor_name, organisation=record.organisation,
        event_date=first.isoformat() if first == last else f"{first.isoformat()}/{last.isoformat()}",
        day_start=first.date(), day_end=last.date(), area_path=camera.area_path,
    )  # fmt: skip
    if camera.visit is not None:
        fresh.dataset_id = camera.visit.dataset_id
    for name in ("geom", "min_x", "min_y", "max_x", "max_y", "cell"):
        setattr(fresh, name, getattr(camera, name))
    made: Occurrence = write.create(REGISTERS["observations.occurrence"], System(), fresh)
    return made


def _ends(record: Sequence, turn: int, last: Answer) -> str:
    """Where the sequence stands after an answer: a guarded species waits for a second person, who agrees or not."""
    if turn == 1:
        names = Answer.objects.filter(
            sequence=record, round=1, method=Answer.Method.HUMAN, withdrawn__isnull=True
        )
        guarded = names.filter(taxon__sensitivity__gt=0).exists()
        return str(S.SECOND if guarded else S.DONE)
    if turn == 2:
        return str(S.DONE if said_in(record, 1) == said_in(record, 2) else S.DIFFER)
    for one in _standing(record, 1).filter(occurrence__isnull=False):
        if one.scientific_name not in {n for _k, n in said_in(record, 3)} and one.occurrence is not None:
            _take_away(one.occurrence, _("người thứ ba xem thấy loài khác"))
    return str(S.DONE)


def said_in(record: Sequence, turn: int) -> frozenset[tuple[str, str]]:
    """What was said in one round: kinds with names."""
    return frozenset(_standing(record, turn).values_list("kind", "scientific_name"))


def _standing(record: Sequence, turn: int) -> Any:
    human = Answer.objects.filter(sequence=record, method=Answer.Method.HUMAN, withdrawn__isnull=True)
    return human.filter(round=turn)


def _rows(record: Sequence) -> Any:
    return Media.objects.filter(
        deployment=record.deployment_id, taken__gte=record.started, taken__lte=record.ended, people=False
    )


def again(actor: Actor, record: Sequence, answers: Mapping[str, Any]) -> None:
    """What persons said here is taken back, with the encounters nobody verified; the sequence waits anew.

    Pictures withheld for people stay so while any file or machine says that there are people in them.
    """
    rows = Answer.objects.filter(
        sequence=record, method=Answer.Method.HUMAN, withdrawn__isnull=True, batch=None
    )
    human = rows.filter(kind=Kind.HUMAN).exists()
    for one in rows.select_related("occurrence"):
        seen = one.occurrence
        write.withdraw(REGISTERS["cameras.answer"], System(), one, _("xem lại"))
        if seen is not None and seen.withdrawn is None and seen.status == "draft":
            _take_away(seen, _("loạt ảnh được xem lại"))
    left = Answer.objects.filter(sequence=record, kind=Kind.HUMAN, withdrawn__isnull=True)
    if human and not left.exists():
        shown = Media.objects.filter(deployment=record.deployment_id, taken__gte=record.started)
        shown.filter(taken__lte=record.ended, people=True).update(people=False)
    record.first_by = record.second_by = ""


def _take_away(seen: Occurrence, why: str) -> None:
    if seen.withdrawn is None:
        write.withdraw(REGISTERS["observations.occurrence"], System(), seen, why)


def offered(record: Sequence) -> Many[Mapping[str, str]]:
    """Names that a desk offers on a key: what a machine suggests here first, then what this camera saw most elsewhere:
    what a first person said of this very sequence is kept from the second."""
    said = Answer.objects.filter(sequence=record, method=Answer.Method.MACHINE, withdrawn__isnull=True)
    names = [n for n in said.order_by("-probability").values_list("scientific_name", flat=True) if n]
    if len(names) < OFFERED:
        seen = Answer.objects.filter(
            deployment=record.deployment_id,
            kind=Kind.ANIMAL,
            method=Answer.Method.HUMAN,
            withdrawn__isnull=True,
        )
        seen = seen.exclude(sequence=record).exclude(scientific_name="")
        often = seen.order_by().values_list("scientific_name").annotate(n=Count("pk")).order_by("-n")
        names += [n for n, _c in often[: OFFERED * 2]]
    return [{"name": n} for n in list(dict.fromkeys(names))[:OFFERED]]


def kinds_of(keys: Many[UUID]) -> dict[UUID, list[Answer]]:
    """What stands said of some sequences."""
    found: dict[UUID, list[Answer]] = {}
    for one in Answer.objects.filter(sequence__in=list(keys), withdrawn__isnull=True):
        found.setdefault(one.sequence_id, []).append(one)  # type: ignore[arg-type]
    return found
