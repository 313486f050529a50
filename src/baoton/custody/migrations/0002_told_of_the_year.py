"""A lot remembers how many animals were seized in it; of older lots their first step says so."""

from django.db import migrations, models


def count(apps, schema_editor):
    lots = apps.get_model("custody", "Lot").objects.filter(kind__in=["alive", "dead"])
    first = apps.get_model("custody", "Step").objects.filter(kind="seized", lot=models.OuterRef("pk"))
    lots.update(taken=models.Subquery(first.values("count")[:1]))


class Migration(migrations.Migration):

    dependencies = [
        ('custody', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='lot',
            name='taken',
            field=models.PositiveIntegerField(editable=False, null=True, verbose_name='số cá thể khi thu giữ'),
        ),
        migrations.RunPython(count, migrations.RunPython.noop),
    ]
