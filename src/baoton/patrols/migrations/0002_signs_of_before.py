"""Signs that were kept in the evidence stream stand in the book of patrols, with their photos."""

import csv
from pathlib import Path

from django.db import migrations

from baoton.kit.ids import source_id


def move(apps, schema_editor):
    Old, New = apps.get_model("observations", "Sign"), apps.get_model("patrols", "Sign")
    Kind, Evidence = apps.get_model("patrols", "SignKind"), apps.get_model("files", "Evidence")
    rows = list(Old.objects.all())
    if not rows:
        return
    with (Path(__file__).parents[1] / "sign_kinds.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            Kind.objects.get_or_create(
                code=row["code"],
                defaults={
                    "id": source_id("patrols.sign_kind", row["code"]), "group": row["group"], "label": row["vi"],
                    "label_en": row["en"], "unit": row["unit"],
                },
            )
    kinds = {k.code: k for k in Kind.objects.all()}
    names = [f.attname for f in Old._meta.concrete_fields if f.attname != "kind"]
    New.objects.bulk_create(
        [New(kind=kinds[r.kind], **{n: getattr(r, n) for n in names}) for r in rows], batch_size=500
    )
    Evidence.objects.filter(about_type="observations.sign").update(about_type="patrols.sign")


class Migration(migrations.Migration):
    dependencies = [
        ("patrols", "0001_initial"),
        ("observations", "0007_dataset_of_its_body"),
        ("files", "0002_follows_its_record"),
    ]
    operations = [migrations.RunPython(move, migrations.RunPython.noop)]
