"""A proposal knows the area of its chosen option, without the buffer around it."""

from django.db import migrations, models

INSIDE = ("strict", "restoration", "service")


def measure(apps, schema_editor):
    zones = apps.get_model("habitats", "Zone").objects.filter(
        withdrawn=None, option__withdrawn=None, option__chosen=True, kind__in=INSIDE, hectares__isnull=False
    )
    proposals = apps.get_model("habitats", "Proposal").objects
    for pk, ha in zones.order_by().values_list("option__proposal").annotate(ha=models.Sum("hectares")):
        proposals.filter(pk=pk).update(planned_m2=round(ha * 10_000))


class Migration(migrations.Migration):

    dependencies = [
        ('habitats', '0010_licence_revoked'),
    ]

    operations = [
        migrations.AddField(
            model_name='proposal',
            name='planned_m2',
            field=models.BigIntegerField(editable=False, null=True, verbose_name='diện tích phương án được chọn (m²)'),
        ),
        migrations.RunPython(measure, migrations.RunPython.noop),
    ]
