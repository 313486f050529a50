"""The book as it stands after step 0020, made at once on an empty database; the steps stay for one that holds rows."""

from typing import Any

import baoton.kit.ids
import django.db.models.deletion
import django.utils.timezone
import functools
import secrets
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


def key(apps: Any, editor: Any) -> None:
    """The key of this installation stands in its database."""
    apps.get_model("kit", "Secret").objects.get_or_create(name="digests")


class Migration(migrations.Migration):

    replaces = [('kit', '0001_initial'), ('kit', '0010_audit_mark'), ('kit', '0011_secret'), ('kit', '0012_outbox'), ('kit', '0013_clock_number'), ('kit', '0014_remembered_by_body'), ('kit', '0015_search'), ('kit', '0016_ledger_day'), ('kit', '0017_stored_file'), ('kit', '0018_import_written'), ('kit', '0019_saved_view'), ('kit', '0020_job_language')]

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Blob',
            fields=[
                ('sha256', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('size', models.BigIntegerField()),
                ('media_type', models.CharField(max_length=100)),
                ('stored', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.UUIDField(default=baoton.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=80)),
                ('label', models.CharField(max_length=300)),
                ('actor_id', models.CharField(max_length=60)),
                ('actor_name', models.CharField(max_length=200)),
                ('arguments', models.JSONField(default=dict)),
                ('language', models.CharField(blank=True, default='', max_length=10)),
                ('state', models.CharField(choices=[('waiting', 'đang chờ'), ('running', 'đang chạy'), ('done', 'xong'), ('failed', 'hỏng'), ('cancelled', 'đã huỷ')], default='waiting', max_length=12)),
                ('done', models.BigIntegerField(default=0)),
                ('total', models.BigIntegerField(null=True)),
                ('step', models.CharField(blank=True, default='', max_length=200)),
                ('cancel_asked', models.BooleanField(default=False)),
                ('message', models.TextField(blank=True, default='')),
                ('result_url', models.CharField(blank=True, default='', max_length=300)),
                ('asked', models.DateTimeField(default=django.utils.timezone.now)),
                ('started', models.DateTimeField(null=True)),
                ('ended', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['-asked'],
            },
        ),
        migrations.CreateModel(
            name='OutboxReader',
            fields=[
                ('name', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('taken', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='SearchTodo',
            fields=[
                ('register', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('after', models.UUIDField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Secret',
            fields=[
                ('name', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('value', models.CharField(default=functools.partial(secrets.token_hex, *(32,), **{}), max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='AuditEvent',
            fields=[
                ('id', models.UUIDField(default=baoton.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('actor_id', models.CharField(max_length=60)),
                ('actor_name', models.CharField(max_length=200)),
                ('verb', models.CharField(max_length=80)),
                ('register', models.CharField(blank=True, default='', max_length=80)),
                ('object_id', models.UUIDField(null=True)),
                ('object_name', models.CharField(blank=True, default='', max_length=300)),
                ('old', models.JSONField(null=True)),
                ('new', models.JSONField(null=True)),
                ('note', models.TextField(blank=True, default='')),
                ('mark', models.CharField(blank=True, default='', max_length=64)),
                ('seq', models.BigIntegerField(null=True, unique=True)),
                ('hash', models.CharField(blank=True, default='', max_length=64)),
            ],
            options={
                'indexes': [models.Index(fields=['object_id', 'at'], name='audit_object'), models.Index(condition=models.Q(('seq__isnull', True)), fields=['at'], name='audit_unsealed')],
            },
        ),
        migrations.CreateModel(
            name='Clock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('register', models.CharField(max_length=80)),
                ('record', models.UUIDField()),
                ('name', models.CharField(max_length=60)),
                ('organisation', models.CharField(blank=True, default='', max_length=40)),
                ('area_path', models.CharField(blank=True, default='', max_length=40)),
                ('began', models.DateField()),
                ('days', models.PositiveSmallIntegerField()),
                ('used', models.PositiveSmallIntegerField(default=0)),
                ('since', models.DateField()),
                ('paused', models.DateField(null=True)),
                ('stopped', models.DateField(null=True)),
                ('due', models.DateField(null=True)),
                ('note', models.TextField(blank=True, default='')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('stopped__isnull', True)), fields=['due', 'id'], name='clock_due'), models.Index(fields=['record'], name='clock_record')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('stopped__isnull', True)), fields=('record', 'name'), name='clock_open_once')],
            },
        ),
        migrations.CreateModel(
            name='Counter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('body', models.CharField(max_length=40)),
                ('kind', models.CharField(max_length=40)),
                ('year', models.PositiveSmallIntegerField()),
                ('last', models.PositiveIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('body', 'kind', 'year'), name='counter_once')],
            },
        ),
        migrations.CreateModel(
            name='ImportBatch',
            fields=[
                ('id', models.UUIDField(default=baoton.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('target', models.CharField(max_length=80)),
                ('dataset', models.CharField(blank=True, default='', max_length=200)),
                ('file_name', models.CharField(max_length=300)),
                ('sha256', models.CharField(max_length=64)),
                ('actor_id', models.CharField(max_length=60)),
                ('actor_name', models.CharField(max_length=200)),
                ('organisation', models.CharField(blank=True, default='', max_length=40)),
                ('state', models.CharField(choices=[('uploaded', 'đã tải lên'), ('checked', 'đã kiểm tra, chưa ghi'), ('running', 'đang chạy'), ('half', 'mới ghi một phần'), ('done', 'đã nhập'), ('undone', 'đã hoàn tác'), ('failed', 'hỏng'), ('cancelled', 'đã huỷ')], default='uploaded', max_length=12)),
                ('plan', models.JSONField(default=dict)),
                ('counts', models.JSONField(default=dict)),
                ('warnings', models.JSONField(default=list)),
                ('outcome_sha256', models.CharField(blank=True, default='', max_length=64)),
                ('job_id', models.UUIDField(null=True)),
                ('written', models.BigIntegerField(default=0)),
                ('uploaded', models.DateTimeField(default=django.utils.timezone.now)),
                ('ended', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['-uploaded'],
                'indexes': [models.Index(condition=models.Q(('state__in', ['running', 'half'])), fields=['state'], name='import_unfinished')],
            },
        ),
        migrations.CreateModel(
            name='LedgerDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ledger', models.CharField(max_length=80)),
                ('book', models.UUIDField()),
                ('kind', models.CharField(max_length=40)),
                ('day', models.DateField()),
                ('held', models.BigIntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('ledger', 'book', 'kind', 'day'), name='ledger_day_once')],
            },
        ),
        migrations.CreateModel(
            name='Number',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('body', models.CharField(max_length=40)),
                ('kind', models.CharField(max_length=40)),
                ('year', models.PositiveSmallIntegerField()),
                ('n', models.PositiveIntegerField()),
                ('text', models.CharField(max_length=120)),
                ('register', models.CharField(blank=True, default='', max_length=80)),
                ('record', models.UUIDField(null=True)),
                ('cancelled', models.DateTimeField(null=True)),
                ('reason', models.TextField(blank=True, default='')),
                ('taken', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'indexes': [models.Index(fields=['record'], name='number_record')],
                'constraints': [models.UniqueConstraint(fields=('body', 'kind', 'year', 'n'), name='number_once')],
            },
        ),
        migrations.CreateModel(
            name='OutboxRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reader', models.CharField(max_length=40)),
                ('register', models.CharField(max_length=80)),
                ('share', models.JSONField(null=True)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'indexes': [models.Index(fields=['reader', 'id'], name='outbox_reader')],
            },
        ),
        migrations.CreateModel(
            name='Overlap',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('register', models.CharField(max_length=80)),
                ('record', models.UUIDField()),
                ('area_path', models.CharField(max_length=40)),
                ('share', models.FloatField()),
                ('measure', models.FloatField()),
            ],
            options={
                'indexes': [models.Index(fields=['register', 'area_path', 'record'], name='overlap_area')],
                'constraints': [models.UniqueConstraint(fields=('register', 'record', 'area_path'), name='overlap_once')],
            },
        ),
        migrations.CreateModel(
            name='Remembered',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40)),
                ('organisation', models.CharField(blank=True, default='', max_length=40)),
                ('target', models.CharField(max_length=80)),
                ('written', models.CharField(max_length=300)),
                ('meant', models.CharField(max_length=300)),
                ('actor_name', models.CharField(max_length=200)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organisation', 'kind', 'target', 'written'), name='remembered_once')],
            },
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('register', models.CharField(max_length=80)),
                ('name', models.CharField(max_length=120)),
                ('query', models.TextField()),
                ('actor_id', models.CharField(max_length=60)),
                ('actor_name', models.CharField(max_length=200)),
                ('organisation', models.CharField(blank=True, default='', max_length=40)),
                ('shared', models.BooleanField(default=False)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'indexes': [models.Index(fields=['register', 'actor_id'], name='saved_view_owner')],
                'constraints': [models.UniqueConstraint(fields=('register', 'actor_id', 'name'), name='saved_view_once')],
            },
        ),
        migrations.CreateModel(
            name='SearchRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('register', models.CharField(max_length=80)),
                ('record', models.UUIDField()),
                ('toned', models.TextField()),
                ('plain', models.TextField()),
                ('size', models.PositiveIntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('register', 'record'), name='search_row_once')],
            },
        ),
        migrations.CreateModel(
            name='StoredFile',
            fields=[
                ('id', models.UUIDField(default=baoton.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('sha256', models.CharField(max_length=64)),
                ('name', models.CharField(max_length=300)),
                ('media_type', models.CharField(max_length=100)),
                ('size', models.BigIntegerField()),
                ('actor_id', models.CharField(max_length=60)),
                ('actor_name', models.CharField(max_length=200)),
                ('stored', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'indexes': [models.Index(fields=['actor_id', 'name'], name='stored_file_name'), models.Index(fields=['sha256'], name='stored_file_hash')],
            },
        ),
        migrations.CreateModel(
            name='TileCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('register', models.CharField(max_length=80)),
                ('audience', models.SmallIntegerField()),
                ('cell', models.BigIntegerField()),
                ('n', models.BigIntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('register', 'audience', 'cell'), name='tile_count_once')],
            },
        ),
        migrations.CreateModel(
            name='ImportBefore',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('register', models.CharField(max_length=80)),
                ('object_id', models.UUIDField()),
                ('revision_after', models.PositiveIntegerField()),
                ('old', models.JSONField()),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='kit.importbatch')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('batch', 'object_id'), name='import_before_once')],
            },
        ),
        migrations.RunPython(make, drop, hints={"fresh": True}),
        migrations.RunPython(key, migrations.RunPython.noop, hints={"fresh": True}),
    ]
