"""A facility whose owner, partner, papers, grower and next visit are hidden, in a commune that no user answers for."""

from datetime import date
from typing import Any

from django.utils import timezone
from tests.facilities.cases import SYSTEM, act, book, facility, stock, taxon
from tests.facilities.dossiers_test import walked
from tests.worlds.planting import World

from baoton.facilities.models import Canvass, Inspection, Owner, Planted
from baoton.files.actions import attach
from baoton.kit.access import System
from baoton.kit.models import SavedView
from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.outreach.models import Campaign, Question, Quiz
from baoton.people.models import Person
from baoton.remarks.actions import remark

CODE = "IIB-LCH-0001"


def plant_facility(world: World, area: str) -> None:
    """The same facility, book, code and animals in both worlds; everything about persons is the world's own."""
    words = world.words
    held = write.create(
        book("owner"), SYSTEM,
        Owner(name=words, kind="person", identity=f"01234567890{world.number}", phone=f"091234567{world.number}",
              address=words, area_path=area),
    )  # fmt: skip
    at = facility("Trại Nậm Kè", area=area, owner=held)
    civets = stock(at, capacity=77)
    civets = act("stock", civets, "opening", kind="dam", amount=41, note=words)
    act("stock", civets, "bought", kind="dam", amount=2, day=date(2026, 3, 2), partner=words, paper=words)
    dossier = act("application", walked(at, date(2026, 4, 1)), "grant")
    for about in (dossier, at):
        attach(SYSTEM, about, [b"%PDF-1.4 " + words.encode()], f"{words}.pdf", media_type="application/pdf")
    today = timezone.localdate()
    visit = Inspection(facility=at, kind="unannounced", day=today, why=words, organisation="kiem_lam")
    grower = Planted(
        grower=words, area_path=area, taxon=taxon("Panax vietnamensis"), year=2020, amount=4 + world.number
    )
    world.books |= {
        "owner": held, "facility": at, "stock": civets, "application": dossier,
        "inspection": write.create(book("inspection"), SYSTEM, visit),
        "planted": write.create(book("planted"), SYSTEM, grower),
        "canvass": write.create(book("canvass"), SYSTEM, Canvass(area_path=area, finished=date(2026, 11, 2))),
    }  # fmt: skip


def plant_words(world: World) -> None:
    """A remark on a guarded record, a list that another body keeps under a telling name, and drafts of outreach."""
    lan: Any = Person.objects.get(username="lan")
    world.books["remark"] = remark(lan, world.rows["guarded withheld"], world.words)
    world.books["view"] = SavedView.objects.create(
        register="observations.occurrence", name=world.words, query=f"q={world.words}", actor_id=lan.actor_id,
        actor_name=str(lan), organisation="kiem_lam", shared=True,
    )  # fmt: skip
    words, day = world.words, date(2026, 5, 2)
    draft = Campaign(title=words, audience=words, message=words, day=day)
    world.books["campaign"] = write.create(REGISTERS["outreach.campaign"], System(), draft)
    quiz = Quiz(title=words, campaign=world.books["campaign"], day=day)
    world.books["quiz"] = write.create(REGISTERS["outreach.quiz"], System(), quiz)
    asked = Question(quiz=quiz, text=f"{words}?", options=f"*{words}\nkhông")
    world.books["question"] = write.create(REGISTERS["outreach.question"], System(), asked)
