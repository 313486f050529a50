"""What is done with a drafted plan: read from its file, corrected step by step, adopted as a plan of the programme."""

import copy
import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

import rulebook
from baoton.kit import blobs
from baoton.kit.access import Actor
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.kit.writing.refusal import NotNow
from baoton.people.models import Organisation
from baoton.places.queries import province_path
from baoton.plan.actions import stand
from baoton.plan.models import Draft, Plan
from rulebook import plans
from rulebook.drafts import draft as read_plan
from rulebook.drafts import editing
from rulebook.errors import RulebookError


def derive(record: Draft) -> None:
    """A new draft is read from its file; then its number and title follow what a person corrected."""
    record.area_path = record.area_path or province_path()
    if record.source_id and not record.data:
        read(record)
    if record.data:
        record.number, record.title = str(record.data["id"])[:60], str(record.data["title"])


def read(record: Draft) -> None:
    """The tree of the file stands in the draft, its paragraphs beside it; `ValidationError` says why it cannot be."""
    from formats import paragraphs
    from formats.source import FormatError

    named = PurePath(record.source.name).name or "plan"
    try:
        with TemporaryDirectory(prefix="plan-") as folder:
            path = Path(folder) / named[-80:]
            shutil.copyfile(blobs.path_of(record.source.sha256), path)
            found = paragraphs.read(path)
        drafted = read_plan(found.paragraphs, found.tables, found.lines, body_names())
    except FormatError as error:
        raise ValidationError({"source": f"{error.vi} {error.suggestion}".strip()}) from error
    except ValueError as error:
        raise ValidationError({"source": str(error)}) from error
    keep(record, found.paragraphs, editing.as_data(drafted, settings.PROVINCE))


def keep(record: Draft, paragraphs: list[str], data: dict[str, Any]) -> None:
    """The paragraphs lie as bytes, so that a step in the log is as big as the tree and not as the paper."""
    record.words = blobs.store(
        [json.dumps(paragraphs, ensure_ascii=False).encode()], "application/json"
    ).sha256
    record.data = data


def body_names() -> list[tuple[str, tuple[str, str]]]:
    """The bodies by their names as papers write them."""
    return [(one.key, (one.name, one.short)) for one in rulebook.province(settings.PROVINCE).bodies]


def paragraphs_of(record: Draft) -> list[str]:
    """The text of the file, paragraph by paragraph."""
    found: list[str] = json.loads(blobs.path_of(record.words).read_bytes()) if record.words else []
    return found


def correct(actor: Actor, record: Draft, revision: int | None, step: Callable[[dict[str, Any]], Any]) -> Any:
    """One correction of the tree; gives what the step gives. `ValidationError` or `NotNow` say why it is refused."""
    given: list[Any] = []

    def work(one: Any) -> None:
        if one.status == Draft.Status.ADOPTED:
            raise NotNow(_("Kế hoạch đã đưa vào chương trình: bấm “mở lại để sửa” trước."))
        data = copy.deepcopy(one.data)
        try:
            given.append(step(data))
        except ValueError as error:
            raise ValidationError(str(error)) from error
        one.data = data

    write.write(REGISTERS["plan.draft"], actor, "edit", record, work, revision=revision)
    return given[0]


def hindered(record: Draft) -> str:
    """The first thing that must be mended before the plan is adopted, or an empty text."""
    return next((one.sentence for one in editing.doubts(record.data) if one.stops), "")


def adopt(actor: Any, record: Draft, said: Mapping[str, Any]) -> None:
    """The plan stands in the programme, node for node; adopted again after corrections it follows them."""
    code = str(record.data["id"])
    there = Plan.objects.filter(pk=code).first()
    if there is not None and there.body.get("draft") != str(record.pk):
        told = _("Chương trình đã có Kế hoạch %(code)s; hai kế hoạch không cùng số.")
        raise ValidationError(told % {"code": code})
    other = Plan.objects.filter(body__draft=str(record.pk)).exclude(pk=code).first()
    if other is not None:
        told = _("Bản nháp này đã thành Kế hoạch %(code)s; số của kế hoạch không đổi được nữa.")
        raise ValidationError(told % {"code": other.code})
    strange = _unknown_bodies(record.data)
    if strange:
        raise ValidationError(_("Không có cơ quan mã “%(code)s” trong tỉnh.") % {"code": strange[0]})
    try:
        stand(plans.parse(record.data), draft=str(record.pk), **record.data.get("more", {}))
    except (RulebookError, KeyError, TypeError) as error:
        raise ValidationError(str(error)) from error


def _unknown_bodies(data: Mapping[str, Any]) -> list[str]:
    named = {b for n in data["nodes"] for b in n["bodies"]}
    named |= {b for t in data["tasks"] for b in (*t["lead_bodies"], *t["coordinating_bodies"])}
    known = {*Organisation.objects.values_list("pk", flat=True)}
    return sorted(named - known)


def as_yaml(record: Draft) -> str:
    """The plan as the province's folder of the rulebook holds it."""
    data = {k: v for k, v in record.data.items() if k not in ("doubts", "more")}
    data["nodes"] = [{k: v for k, v in n.items() if k != "paragraph"} for n in data["nodes"]]
    told: str = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=110)
    return told
