"""Rows of search words, and each database's own text index over them."""

from typing import Any

from django.db import migrations, models

SQLITE = (
    "CREATE VIRTUAL TABLE kit_search_fts USING fts5(toned, plain, content='kit_searchrow', content_rowid='id',"
    " tokenize='ascii', prefix='2 3')",
    "CREATE TRIGGER kit_search_in AFTER INSERT ON kit_searchrow BEGIN"
    " INSERT INTO kit_search_fts(rowid, toned, plain) VALUES (new.id, new.toned, new.plain); END",
    "CREATE TRIGGER kit_search_out AFTER DELETE ON kit_searchrow BEGIN"
    " INSERT INTO kit_search_fts(kit_search_fts, rowid, toned, plain)"
    " VALUES ('delete', old.id, old.toned, old.plain); END",
)
POSTGRESQL = (
    "CREATE INDEX search_toned ON kit_searchrow USING gin (to_tsvector('simple', toned))",
    "CREATE INDEX search_plain ON kit_searchrow USING gin (to_tsvector('simple', plain))",
)
SQLITE_BACK = (
    "DROP TRIGGER kit_search_in",
    "DROP TRIGGER kit_search_out",
    "DROP TABLE kit_search_fts",
)
POSTGRESQL_BACK = ("DROP INDEX search_toned", "DROP INDEX search_plain")


def make(apps: Any, editor: Any) -> None:
    for line in POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(line)


def drop(apps: Any, editor: Any) -> None:
    for line in POSTGRESQL_BACK if editor.connection.vendor == "postgresql" else SQLITE_BACK:
        editor.execute(line)


class Migration(migrations.Migration):
    dependencies = [("kit", "0014_remembered_by_body")]

    operations = [
        migrations.CreateModel(
            name="SearchRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("register", models.CharField(max_length=80)),
                ("record", models.UUIDField()),
                ("toned", models.TextField()),
                ("plain", models.TextField()),
                ("size", models.PositiveIntegerField()),
            ],
        ),
        migrations.AddConstraint(
            model_name="searchrow",
            constraint=models.UniqueConstraint(fields=("register", "record"), name="search_row_once"),
        ),
        migrations.CreateModel(
            name="SearchTodo",
            fields=[
                ("register", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("after", models.UUIDField(null=True)),
            ],
        ),
        migrations.RunPython(make, drop, hints={"fresh": True}),
    ]
