"""A species is planted on the day its work was done."""

from django.db import migrations, models


def plant(apps, schema_editor):
    done = apps.get_model("habitats", "Work").objects.filter(status="done", withdrawn=None, day__isnull=False)
    plantings = apps.get_model("habitats", "Planting").objects
    for pk, day in done.values_list("pk", "day").iterator():
        plantings.filter(work=pk).update(day=day)


class Migration(migrations.Migration):

    dependencies = [
        ('habitats', '0011_told_of_the_year'),
    ]

    operations = [
        migrations.AddField(
            model_name='planting',
            name='day',
            field=models.DateField(editable=False, null=True, verbose_name='trồng xong ngày'),
        ),
        migrations.RunPython(plant, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name='planting',
            index=models.Index(condition=models.Q(('withdrawn__isnull', True)), fields=['day', 'id'], name='planting_day'),
        ),
    ]
