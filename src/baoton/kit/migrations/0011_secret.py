"""The key of this installation stands in its database."""

import functools
import secrets

from django.db import migrations, models


def make(apps, schema_editor):
    apps.get_model("kit", "Secret").objects.get_or_create(name="digests")


class Migration(migrations.Migration):
    dependencies = [("kit", "0010_audit_mark")]
    operations = [
        migrations.CreateModel(
            "Secret",
            [
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                (
                    "value",
                    models.CharField(default=functools.partial(secrets.token_hex, 32), max_length=64),
                ),
            ],
        ),
        migrations.RunPython(make, migrations.RunPython.noop, hints={"fresh": True}),
    ]
