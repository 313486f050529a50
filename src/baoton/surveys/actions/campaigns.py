"""Campaigns and their sites: codes, the sample, a site replaced in the field."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from baoton.kit.access import Actor, require
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.kit.writing.refusal import NotNow
from baoton.plan.queries import serves
from baoton.surveys.design.sample import Wanted, draw
from baoton.surveys.models import Campaign, Site


def derive_campaign(record: Campaign) -> None:
    """A campaign has a code and serves the task of surveys; an agreed one keeps its design."""
    serves("survey")(record)
    if not record.code and record.day_start:
        record.code = f"DT-{record.day_start:%Y}-{record.pk.hex[-5:]}".upper()


def not_ready(record: Campaign) -> str:
    """Why a campaign cannot be agreed yet, in a sentence; empty where it can."""
    if record.protocol_id is None:
        return _("Chưa chọn quy trình.")
    if not record.sites.filter(withdrawn__isnull=True, status=Site.Status.PLANNED).exists():
        return _("Chưa có điểm nào: rút mẫu trước khi duyệt.")
    return ""


def derive_site(record: Site) -> None:
    """A site has a code and a place in the order, and belongs to the body of its campaign."""
    if not record.campaign_id:
        return
    record.organisation = record.campaign.organisation
    others = Site.objects.filter(campaign=record.campaign_id).exclude(pk=record.pk)
    if not record.position:
        record.position = (others.aggregate(n=Max("position"))["n"] or 0) + 1
    record.code = record.code or f"D{record.position:03d}"


def reserve_of(record: Site) -> Site | None:
    """The next reserve site of the same stratum, in the order of the drawing."""
    waiting = record.campaign.sites.filter(withdrawn__isnull=True, status=Site.Status.RESERVE)
    return waiting.filter(stratum=record.stratum).order_by("position", "id").first()


def no_reserve(record: Site) -> str:
    """Why a site cannot be replaced, in a sentence; empty where it can."""
    if record.visited:
        return _("Điểm này đã có lượt điều tra nên không thay nữa.")
    if reserve_of(record) is None:
        return _("Tầng này hết điểm dự phòng; rút thêm điểm trước.")
    return ""


def take_reserve(actor: Actor, record: Site, answers: Mapping[str, Any]) -> None:
    """The next reserve site is to be visited instead, by the same team and day."""
    spare = reserve_of(record)
    assert spare is not None  # the guard looked
    record.replaced_by = spare
    values = {"status": Site.Status.PLANNED, "team": record.team, "due": record.due}
    write.edit(REGISTERS["surveys.site"], actor, spare, values)


def draw_sample(actor: Actor, campaign: Campaign, wanted: Wanted) -> int:
    """The campaign's sites are those of a new drawing; how many. Refused once the design is agreed."""
    require(actor, "surveys.site.create")
    if campaign.status != Campaign.Status.DRAFT:
        raise NotNow(_("Chiến dịch đã duyệt: thiết kế lại trước khi rút mẫu."))
    if campaign.sites.filter(withdrawn__isnull=True, visited__gt=0).exists():
        raise NotNow(_("Đã có điểm được đi nên không rút lại mẫu."))
    drawn = draw(campaign, wanted, actor)
    book = REGISTERS["surveys.site"]
    with transaction.atomic():
        for one in campaign.sites.filter(withdrawn__isnull=True):
            write.withdraw(book, actor, one, _("rút mẫu lại"))
        for one in drawn.sites:
            write.create(book, actor, one)
        write.edit(REGISTERS["surveys.campaign"], actor, campaign, {"drawing": drawn.told})
    return len(drawn.sites)
