"""Evidence stands where its record stands, not where its photo says."""

from django.db import migrations, models

FOLLOWED = (
    "organisation", "area_path", "area_path_then", "taxon_group", "disclosure", "shown_x", "shown_y",
    "shown_cell", "shown_area_path", "shown_uncertainty_m",
)  # fmt: skip


def follow(apps, schema_editor):
    evidence = apps.get_model("files", "Evidence")
    for label in evidence.objects.order_by().values_list("about_type", flat=True).distinct():
        try:
            model = apps.get_model(label)
        except (LookupError, ValueError):
            continue
        names = [n for n in FOLLOWED if n in {f.attname for f in model._meta.concrete_fields}]
        for one in evidence.objects.filter(about_type=label):
            about = model.objects.filter(pk=one.about_id).values(*names).first()
            if about:
                evidence.objects.filter(pk=one.pk).update(**about)


class Migration(migrations.Migration):
    dependencies = [("files", "0001_initial"), ("observations", "0001_initial"), ("outreach", "0001_initial")]
    operations = [
        migrations.AddField(
            "evidence",
            "taxon_group",
            models.CharField(blank=True, default="", editable=False, max_length=20),
        ),
        migrations.RunPython(follow, migrations.RunPython.noop),
    ]
