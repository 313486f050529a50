"""`migrate`, which makes the tables of an empty database at once instead of repeating how they came to be.

A database that holds anything goes through its steps as ever. What a step does on an empty database beside its tables
(the search's own tables, this installation's key) carries the hint `fresh`. That both ways end in one database is a
test. Django's own few tables come step by step.
"""

from typing import Any

from django.apps import apps
from django.core.management.base import CommandParser
from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations import RunPython
from django.db.migrations.executor import MigrationExecutor


class Command(migrate.Command):
    """Django's command; `--step-by-step` repeats every step on an empty database too."""

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--step-by-step", action="store_true")

    def handle(self, *words: Any, **options: Any) -> None:
        alias = options["database"]
        whole = not any(
            options.get(k) for k in ("app_label", "plan", "check_unapplied", "fake", "step_by_step")
        )
        if whole and not connections[alias].introspection.table_names():
            _make(alias)
        super().handle(*words, **options)


def _make(alias: str) -> None:
    """The tables of all our models, what steps marked `fresh` add to them, and every step noted as taken."""
    connection = connections[alias]
    executor = MigrationExecutor(connection)
    loader, ours = (
        executor.loader,
        {one.label for one in apps.get_app_configs() if not one.name.startswith("django.")},
    )
    executor.migrate([key for key in loader.graph.leaf_nodes() if key[0] not in ours])
    with connection.schema_editor() as editor:
        for model in apps.get_models():
            if model._meta.app_label in ours and model._meta.can_migrate(connection):
                editor.create_model(model)
    steps = {key: step for key, step in loader.disk_migrations.items() if key[0] in ours}
    with connection.schema_editor() as editor:
        for one in (operation for step in steps.values() for operation in step.operations):
            if isinstance(one, RunPython) and one.hints.get("fresh"):
                one.code(apps, editor)  # type: ignore[arg-type]  # the apps as they stand
    for app, name in steps:
        executor.recorder.record_applied(app, name)
