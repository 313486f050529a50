"""Protocols and what they ask: versions, names, and the seeds the system comes with."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _

from baoton.kit.access import Actor
from baoton.kit.ids import source_id
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.kit.writing.refusal import NotNow
from baoton.places.queries import province_path
from baoton.surveys.models import Protocol, Question
from baoton.surveys.protocols.asked import TAKEN, name_of

WRITTEN = ("code", "name", "method", "steps", "row_label", "source")


def derive_protocol(record: Protocol) -> None:
    """A protocol has a code; what is in use stays as it is."""
    record.area_path = province_path()
    record.code = record.code or name_of(record.name, 60)
    if not record._state.adding:
        old = Protocol.objects.get(pk=record.pk)
        if old.status != Protocol.Status.DRAFT and any(
            getattr(old, n) != getattr(record, n) for n in WRITTEN
        ):
            raise ValidationError(_("Phiên bản này đã dùng nên không sửa nữa; lập phiên bản mới để đổi."))


def asks_nothing(record: Protocol) -> str:
    """Why a version cannot be used yet, in a sentence; empty where it can."""
    standing = record.questions.filter(withdrawn__isnull=True)
    if not standing.exists():
        return _("Quy trình chưa hỏi gì: thêm ít nhất một mục.")
    if not standing.filter(means=Question.Means.EFFORT).exists():
        return _(
            "Chưa có mục nào là công sức của lượt (km, giờ…): không có công sức thì số gặp không so được."
        )
    return ""


def replaces_former(actor: Actor, record: Protocol, answers: Mapping[str, Any]) -> None:
    """The version that was in use ends when the next is used; visits keep the version they were made with."""
    book = REGISTERS["surveys.protocol"]
    former = Protocol.objects.filter(
        organisation=record.organisation,
        code=record.code,
        status=Protocol.Status.USED,
        withdrawn__isnull=True,
    ).exclude(pk=record.pk)
    for one in former:
        write.act(book, actor, one, "end", {"reason": _("thay bằng phiên bản %(n)d") % {"n": record.version}})


def next_version(actor: Actor, record: Protocol, answers: Mapping[str, Any]) -> None:
    """A draft of the next version, with all that this one asks."""
    same = Protocol.objects.filter(organisation=record.organisation, code=record.code)
    if same.filter(status=Protocol.Status.DRAFT, withdrawn__isnull=True).exists():
        raise NotNow(_("Đã có một phiên bản đang soạn của quy trình này; soạn tiếp phiên bản ấy."))
    asked = list(record.questions.filter(withdrawn__isnull=True).order_by("position", "id"))
    made = Protocol(
        code=record.code, version=(same.aggregate(n=Max("version"))["n"] or 0) + 1, name=record.name,
        method=record.method, steps=record.steps, row_label=record.row_label, source=record.source,
        organisation=record.organisation,
    )  # fmt: skip
    write.create(REGISTERS["surveys.protocol"], actor, made)
    kept = [
        f.attname
        for f in Question._meta.concrete_fields
        if f.name not in {"id", "protocol", "revision", "batch"}
    ]
    for one in asked:
        fresh = Question(protocol=made, **{name: getattr(one, name) for name in kept})
        write.create(REGISTERS["surveys.question"], actor, fresh)


def only_of_drafts(records: Sequence[Question]) -> None:
    """What a version in use asks is never changed nor taken away."""
    for one in records:
        if one.protocol_id and one.protocol.status != Protocol.Status.DRAFT:
            told = _("Phiên bản này đã dùng nên không đổi mục hỏi nữa; lập phiên bản mới để đổi.")
            raise ValidationError({"protocol": told})


def derive_question(record: Question) -> None:
    """A question has a name and a place in the order, and what it says of its answers holds together."""
    only_of_drafts([record])
    record.area_path = province_path()
    record.organisation = record.organisation or (record.protocol.organisation if record.protocol_id else "")
    record.name = name_of(record.name or record.label)
    if record.name[0].isdigit() or record.name in TAKEN:
        record.name = f"m_{record.name}"[:40]
    others = Question.objects.filter(protocol=record.protocol_id, withdrawn__isnull=True).exclude(
        pk=record.pk
    )
    if not record.position:
        record.position = (others.aggregate(n=Max("position"))["n"] or 0) + 1
    kinds = Question.Kind
    if record.kind == kinds.CHOICE and not record.among.strip():
        raise ValidationError({"among": _("Kiểu “một trong danh sách” cần danh sách giá trị.")})
    if record.means == Question.Means.EFFORT:
        if record.level != Question.Level.VISIT or record.kind not in {kinds.NUMBER, kinds.INTEGER}:
            raise ValidationError({"means": _("Công sức là một số, hỏi một lần mỗi lượt.")})
        if not record.unit:
            raise ValidationError({"unit": _("Công sức cần đơn vị, như km, giờ, đêm máy.")})
    if record.means and others.filter(means=record.means, level=record.level).exists():
        raise ValidationError({"means": _("Một mục khác của quy trình đã mang nghĩa này.")})
    if record.required_when:
        name, sign, _value = record.required_when.partition("=")
        if not sign or not others.filter(name=name.strip(), level=record.level).exists():
            told = _("Viết như ten_cot=giá_trị, với tên một cột khác cùng hỏi ở mức này.")
            raise ValidationError({"required_when": told})


def load() -> int:
    """The protocols the system comes with, each with what it asks; one that stands already stays as it is."""
    here = Path(__file__).parent.parent
    known = set(Protocol.objects.values_list("pk", flat=True))
    fresh: dict[str, Protocol] = {}
    with (here / "protocols.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            one = Protocol(
                id=source_id("surveys.protocol", row["code"]), code=row["code"], name=row["name"], method=row["method"],
                row_label=row["row"], source=row["source"], steps=row["steps"].replace("|", "\n"),
                status=Protocol.Status.USED, area_path=province_path(),
            )  # fmt: skip
            if one.pk not in known:
                fresh[one.code] = one
    asked = []
    with (here / "questions.csv").open(encoding="utf-8", newline="") as file:
        for n, row in enumerate(csv.DictReader(file), 1):
            if row["protocol"] in fresh:
                asked.append(_seed(fresh[row["protocol"]], n, row))
    Protocol.objects.bulk_create(fresh.values())
    Question.objects.bulk_create(asked)
    return len(fresh)


def _seed(protocol: Protocol, n: int, row: Mapping[str, str]) -> Question:
    return Question(
        id=source_id("surveys.question", f"{protocol.code} {row['name']}"), protocol=protocol, position=n,
        level=row["level"], name=row["name"], label=row["vi"], label_en=row["en"], kind=row["kind"], unit=row["unit"],
        among=row["among"].replace("|", "\n"), least=float(row["least"]) if row["least"] else None,
        most=float(row["most"]) if row["most"] else None, required=row["required"] == "x",
        required_when=row["when"], means=row["means"], area_path=province_path(),
    )  # fmt: skip
