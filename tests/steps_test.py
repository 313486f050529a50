"""An empty database is made at once, one that holds rows step by step: both end at the same tables."""

import pytest
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader


@pytest.mark.once
def test_the_steps_and_what_replaces_them_end_at_the_same_tables() -> None:
    steps = MigrationLoader(None, replace_migrations=False)
    at_once = MigrationLoader(None)
    told = MigrationAutodetector(steps.project_state(), at_once.project_state()).changes(at_once.graph)
    assert {app: [o.describe() for m in found for o in m.operations] for app, found in told.items()} == {}
