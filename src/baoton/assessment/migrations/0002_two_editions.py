"""Two editions of a status: what stands so far was told by true places and goes to the one that few may read."""

import django.db.models.deletion
from django.db import migrations, models

EVERYWHERE = [{"area_path": "", "organisation": "", "taxon_group": ""}]


def part(apps, schema_editor):
    status, true = (apps.get_model("assessment", n) for n in ("SpeciesStatus", "TrueExtent"))
    for one in status.objects.all():
        true.objects.create(
            status=one, places=one.places, eoo_km2=one.eoo_km2, aoo_km2=one.aoo_km2,
            why_unknown=one.why_unknown, hull=one.hull, cells=one.cells, indicated=one.indicated,
            rests_on=EVERYWHERE,
        )  # fmt: skip
    status.objects.update(
        places=None, eoo_km2=None, aoo_km2=None, hull=None, cells=None, indicated="", input_hash="",
        why_unknown="đang tính lại vì có vị trí vừa được bảo vệ",
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("assessment", "0001_initial")]
    operations = [
        migrations.AddField(
            "speciesstatus",
            "blurred",
            models.PositiveIntegerField(default=0, verbose_name="số ghi nhận làm mờ vị trí"),
        ),
        migrations.AddField(
            "speciesstatus",
            "withheld",
            models.PositiveIntegerField(default=0, verbose_name="số ghi nhận không công bố vị trí"),
        ),
        migrations.AlterField(
            "speciesstatus",
            "places",
            models.PositiveIntegerField(null=True, verbose_name="số vị trí khác nhau"),
        ),
        migrations.CreateModel(
            "TrueExtent",
            [
                (
                    "status",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="true_extent",
                        serialize=False,
                        to="assessment.speciesstatus",
                    ),
                ),
                ("places", models.PositiveIntegerField()),
                ("eoo_km2", models.FloatField(null=True)),
                ("aoo_km2", models.FloatField(null=True)),
                ("why_unknown", models.CharField(blank=True, default="", max_length=300)),
                ("hull", models.BinaryField(null=True)),
                ("cells", models.BinaryField(null=True)),
                ("indicated", models.CharField(blank=True, default="", max_length=40)),
                ("rests_on", models.JSONField(default=list)),
            ],
        ),
        migrations.RunPython(part, migrations.RunPython.noop),
    ]
