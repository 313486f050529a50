"""The book as it stands after step 0006, made at once on an empty database; the steps stay for one that holds rows."""

import baoton.kit.ids
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('plan', '0001_initial'), ('plan', '0002_tally'), ('plan', '0003_node_lead_said_node_with_said'), ('plan', '0004_reminder'), ('plan', '0005_target'), ('plan', '0006_what_lists_ask')]

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('code', models.CharField(max_length=60, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=400)),
                ('title_en', models.CharField(blank=True, default='', max_length=400)),
                ('issuer', models.CharField(max_length=200)),
                ('issued', models.DateField()),
                ('first_year', models.PositiveSmallIntegerField()),
                ('last_year', models.PositiveSmallIntegerField(null=True)),
                ('body', models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name='Node',
            fields=[
                ('key', models.CharField(max_length=100, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=20)),
                ('kind', models.CharField(choices=[('aim', 'mục đích'), ('requirement', 'yêu cầu'), ('objective', 'mục tiêu'), ('task', 'nhiệm vụ trọng tâm'), ('group', 'đề mục'), ('solution', 'giải pháp'), ('duty', 'trách nhiệm')], max_length=12)),
                ('position', models.PositiveIntegerField()),
                ('title', models.CharField(max_length=400)),
                ('title_en', models.CharField(blank=True, default='', max_length=400)),
                ('official', models.CharField(blank=True, default='', max_length=500)),
                ('lead', models.JSONField(default=list)),
                ('with_bodies', models.JSONField(default=list)),
                ('lead_said', models.CharField(blank=True, default='', max_length=300)),
                ('with_said', models.CharField(blank=True, default='', max_length=300)),
                ('time', models.CharField(blank=True, default='', max_length=60)),
                ('where_in_document', models.CharField(max_length=120)),
                ('serves', models.JSONField(default=list)),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='children', to='plan.node')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='nodes', to='plan.plan')),
            ],
            options={
                'ordering': ['plan', 'position'],
                'constraints': [models.UniqueConstraint(fields=('plan', 'code'), name='node_once')],
            },
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.UUIDField(default=baoton.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('organisation', models.CharField(blank=True, default='', max_length=40, verbose_name='cơ quan')),
                ('area_path', models.CharField(blank=True, default='', max_length=40, verbose_name='xã, phường')),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('batch', models.UUIDField(editable=False, null=True)),
                ('withdrawn', models.DateTimeField(editable=False, null=True, verbose_name='rút lúc')),
                ('body', models.CharField(max_length=40, verbose_name='cơ quan được đôn đốc')),
                ('answer_by', models.DateField(verbose_name='báo kết quả trước ngày')),
                ('works', models.JSONField(default=list, editable=False, verbose_name='các việc trễ hạn')),
                ('late', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='số việc trễ')),
                ('status', models.CharField(choices=[('draft', 'dự thảo'), ('issued', 'đã ban hành')], default='draft', max_length=10, verbose_name='tình trạng')),
                ('number', models.CharField(blank=True, default='', max_length=120, verbose_name='số công văn')),
                ('issued_on', models.DateField(blank=True, null=True, verbose_name='ngày ban hành')),
                ('paper', models.CharField(blank=True, default='', editable=False, max_length=64, verbose_name='công văn')),
            ],
            options={
                'indexes': [models.Index(fields=['body', 'id'], name='reminder_body')],
            },
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('indicator', models.CharField(max_length=80)),
                ('year', models.PositiveSmallIntegerField()),
                ('area_path', models.CharField(blank=True, default='', max_length=40)),
                ('part', models.CharField(max_length=8)),
                ('key', models.CharField(blank=True, default='', max_length=120)),
                ('n', models.FloatField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('indicator', 'year', 'area_path', 'part', 'key'), name='tally_once')],
            },
        ),
        migrations.CreateModel(
            name='Target',
            fields=[
                ('id', models.UUIDField(default=baoton.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('organisation', models.CharField(blank=True, default='', max_length=40, verbose_name='cơ quan')),
                ('area_path', models.CharField(blank=True, default='', max_length=40, verbose_name='xã, phường')),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('batch', models.UUIDField(editable=False, null=True)),
                ('withdrawn', models.DateTimeField(editable=False, null=True, verbose_name='rút lúc')),
                ('indicator', models.CharField(max_length=80, verbose_name='chỉ tiêu')),
                ('year', models.PositiveSmallIntegerField(verbose_name='năm')),
                ('value', models.FloatField(verbose_name='cần đạt')),
                ('source', models.CharField(blank=True, default='', max_length=300, verbose_name='căn cứ')),
            ],
            options={
                'indexes': [models.Index(fields=['year', 'id'], name='target_year')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn__isnull', True)), fields=('indicator', 'year'), name='target_once', violation_error_message='Chỉ tiêu này đã có cho năm đó; sửa dòng đã có.'), models.CheckConstraint(condition=models.Q(('value__gt', 0)), name='target_positive', violation_error_message='Chỉ tiêu phải lớn hơn 0.')],
            },
        ),
        migrations.CreateModel(
            name='Work',
            fields=[
                ('id', models.UUIDField(default=baoton.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('organisation', models.CharField(blank=True, default='', max_length=40, verbose_name='cơ quan')),
                ('area_path', models.CharField(blank=True, default='', max_length=40, verbose_name='xã, phường')),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('batch', models.UUIDField(editable=False, null=True)),
                ('withdrawn', models.DateTimeField(editable=False, null=True, verbose_name='rút lúc')),
                ('title', models.CharField(max_length=300, verbose_name='việc')),
                ('responsible', models.CharField(max_length=40, verbose_name='cơ quan chịu trách nhiệm')),
                ('begins', models.DateField(blank=True, null=True, verbose_name='bắt đầu')),
                ('due', models.DateField(verbose_name='hạn')),
                ('working_days', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='số ngày làm việc')),
                ('must_show', models.CharField(max_length=300, verbose_name='kết quả phải có')),
                ('status', models.CharField(choices=[('planned', 'chưa bắt đầu'), ('doing', 'đang làm'), ('done', 'đã xong'), ('dropped', 'đã dừng')], default='planned', max_length=10, verbose_name='tình trạng')),
                ('finished', models.DateField(blank=True, null=True, verbose_name='xong ngày')),
                ('result', models.TextField(blank=True, default='', verbose_name='kết quả')),
                ('task', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='plan.node', verbose_name='phục vụ nhiệm vụ')),
            ],
            options={
                'indexes': [models.Index(fields=['due', 'id'], name='work_due'), models.Index(fields=['status', 'due', 'id'], name='work_status'), models.Index(fields=['task', 'due', 'id'], name='work_task')],
            },
        ),
        migrations.CreateModel(
            name='IndicatorValue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('indicator', models.CharField(max_length=80)),
                ('year', models.PositiveSmallIntegerField()),
                ('area_path', models.CharField(blank=True, default='', max_length=40)),
                ('value', models.FloatField(null=True)),
                ('low', models.FloatField(null=True)),
                ('high', models.FloatField(null=True)),
                ('count', models.BigIntegerField(null=True)),
                ('register', models.CharField(blank=True, default='', max_length=80)),
                ('query', models.JSONField(default=dict)),
                ('input_hash', models.CharField(blank=True, default='', max_length=64)),
                ('method', models.CharField(blank=True, default='', max_length=80)),
                ('why_unknown', models.CharField(blank=True, default='', max_length=300)),
                ('computed', models.DateTimeField()),
                ('task', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='values', to='plan.node')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('indicator', 'year', 'area_path'), name='indicator_once')],
            },
        ),
    ]
