"""What the stories of rescue share: an animal that is told of, taken in, made ready, let go."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from baoton.kit.reading.register import REGISTERS
from baoton.kit.writing import write
from baoton.rescue.models import Animal, Point, Release, Sighting

MU_CA, TA_TONG = "12/03451", "12/03460"
PLACE = (102.4137, 22.4051)
SECRET = (b"102.41", b"22.405", "khe Bí".encode())
ANIMAL, RELEASE, CARE = (REGISTERS[f"rescue.{n}"] for n in ("animal", "release", "care"))


def ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


def told(actor: Any, **more: Any) -> Animal:
    """An animal that somebody told of ten days ago."""
    values = {
        "written": "Khỉ vàng",
        "told_on": ago(10),
        "area_path": MU_CA,
        "brought_by": "Chang A Pó",
    } | more
    one = Animal(**values)
    one.put_point(*PLACE)
    one.locality = "khe Bí Mật"
    made: Animal = write.create(ANIMAL, actor, one)
    return made


def do(actor: Any, record: Any, verb: str, **said: Any) -> Any:
    """The verb is done on the record as it stands now."""
    record = type(record).objects.get(pk=record.pk)
    return write.act(REGISTERS[record._meta.label_lower], actor, record, verb, said)


def received(actor: Any, health: str = "healthy", **more: Any) -> Animal:
    one = told(actor, **more)
    made: Animal = do(actor, one, "receive", received_on=ago(9), health=health, receiver="Pao")
    return made


def ready(actor: Any, **more: Any) -> Animal:
    """An animal whose release somebody competent decided."""
    one = received(actor, **more)
    made: Animal = do(actor, one, "decide_release", decided_by="Sở NN&MT", decision="12/QĐ")
    return made


def planned(actor: Any, answered: bool = True, **more: Any) -> Release:
    one = Release(**({"planned": ago(2), "area_path": MU_CA, "locality": "khe Bí Mật"} | more))
    one.put_point(*PLACE)
    made: Release = write.create(RELEASE, actor, one)
    if answered:
        for point in Point.objects.filter(release=made):
            write.edit(REGISTERS["rescue.point"], actor, point, {"state": "met"})
    return made


def let_go(actor: Any, *animals: Animal, days: int = 2, **more: Any) -> Release:
    """The animals are put into one release and let go."""
    made = planned(actor, **more)
    for one in animals:
        do(actor, one, "join", release=made.pk)
    done: Release = do(actor, made, "carry_out", on=ago(days), report="Con vật vào rừng ngay.")
    return done


def seen(actor: Any, animal: Animal, kind: str, days: int) -> Sighting:
    one = Sighting(animal_id=animal.pk, kind=kind, day=ago(days), locality="khe Bí Mật")
    one.put_point(*PLACE)
    made: Sighting = write.create(REGISTERS["rescue.sighting"], actor, one)
    return made
