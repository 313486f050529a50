"""Events carry a mark; those that waited to be sealed when the mark came get theirs."""

from django.db import migrations, models


def fill(apps, schema_editor):
    from baoton.kit.writing import audit

    event = apps.get_model("kit", "AuditEvent")
    for one in event.objects.filter(seq__isnull=True):
        one.mark = audit.mark(one)
        one.save(update_fields=["mark"])


class Migration(migrations.Migration):
    dependencies = [("kit", "0001_initial")]
    operations = [
        migrations.AddField("auditevent", "mark", models.CharField(blank=True, default="", max_length=64)),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
