"""The book as it stands after step 0002, made at once on an empty database; the steps stay for one that holds rows."""

import baoton.kit.ids
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('reporting', '0001_initial'), ('reporting', '0002_requests')]

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.UUIDField(default=baoton.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=40)),
                ('year', models.PositiveSmallIntegerField(verbose_name='năm')),
                ('part', models.CharField(blank=True, default='', max_length=4)),
                ('made', models.DateTimeField(default=django.utils.timezone.now)),
                ('made_by', models.CharField(max_length=200)),
                ('figures', models.JSONField(default=list)),
                ('audit_head', models.CharField(max_length=64)),
                ('simulated', models.BooleanField(default=False)),
                ('docx_sha256', models.CharField(max_length=64)),
                ('xlsx_sha256', models.CharField(blank=True, default='', max_length=64)),
            ],
            options={
                'ordering': ['-made'],
            },
        ),
        migrations.CreateModel(
            name='FigureRequest',
            fields=[
                ('id', models.UUIDField(default=baoton.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('organisation', models.CharField(blank=True, default='', max_length=40, verbose_name='cơ quan')),
                ('area_path', models.CharField(blank=True, default='', max_length=40, verbose_name='xã, phường')),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('batch', models.UUIDField(editable=False, null=True)),
                ('withdrawn', models.DateTimeField(editable=False, null=True, verbose_name='rút lúc')),
                ('what', models.CharField(max_length=200, verbose_name='số liệu')),
                ('count', models.CharField(blank=True, default='', editable=False, max_length=60)),
                ('period', models.CharField(max_length=8, verbose_name='kỳ báo cáo')),
                ('body', models.CharField(max_length=40, verbose_name='cơ quan được hỏi')),
                ('answer_by', models.DateField(blank=True, null=True, verbose_name='trả lời trước ngày')),
                ('status', models.CharField(choices=[('asked', 'đã hỏi'), ('answered', 'đã trả lời')], default='asked', max_length=10, verbose_name='tình trạng')),
                ('answer', models.CharField(blank=True, default='', max_length=300, verbose_name='trả lời')),
                ('source', models.CharField(blank=True, default='', max_length=300, verbose_name='văn bản, nguồn')),
            ],
            options={
                'indexes': [models.Index(fields=['period', 'id'], name='request_period'), models.Index(fields=['body', 'status', 'id'], name='request_body')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn__isnull', True), models.Q(('count', ''), _negated=True)), fields=('period', 'count'), name='request_once', violation_error_message='Số liệu này đã được hỏi cho kỳ này.')],
            },
        ),
    ]
