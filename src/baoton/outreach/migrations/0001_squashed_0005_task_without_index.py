"""The book as it stands after step 0005, made at once on an empty database; the steps stay for one that holds rows."""

import baoton.kit.ids
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('outreach', '0001_initial'), ('outreach', '0002_women_among_participants'), ('outreach', '0003_session_work'), ('outreach', '0004_words'), ('outreach', '0005_task_without_index')]

    dependencies = [
        ('plan', '0001_squashed_0006_what_lists_ask'),
    ]

    operations = [
        migrations.CreateModel(
            name='Session',
            fields=[
                ('id', models.UUIDField(default=baoton.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('organisation', models.CharField(blank=True, default='', max_length=40, verbose_name='cơ quan')),
                ('area_path', models.CharField(blank=True, default='', max_length=40, verbose_name='xã, phường')),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('batch', models.UUIDField(editable=False, null=True)),
                ('withdrawn', models.DateTimeField(editable=False, null=True, verbose_name='rút lúc')),
                ('title', models.CharField(max_length=300, verbose_name='nội dung')),
                ('kind', models.CharField(choices=[('meeting', 'họp bản'), ('school', 'trường học'), ('loudspeaker', 'loa truyền thanh'), ('training', 'tập huấn'), ('pledge', 'ký cam kết')], max_length=12, verbose_name='hình thức')),
                ('day', models.DateField(verbose_name='ngày')),
                ('village', models.CharField(blank=True, default='', max_length=200, verbose_name='bản, trường')),
                ('language', models.CharField(blank=True, default='', max_length=60, verbose_name='tiếng dùng')),
                ('participants', models.PositiveIntegerField(blank=True, null=True, verbose_name='số người dự')),
                ('women', models.PositiveIntegerField(blank=True, null=True, verbose_name='trong đó nữ')),
                ('materials', models.PositiveIntegerField(blank=True, null=True, verbose_name='tài liệu đã phát')),
                ('task', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='plan.node', verbose_name='phục vụ nhiệm vụ')),
                ('work', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='plan.work', verbose_name='việc được giao')),
            ],
            options={
                'indexes': [models.Index(fields=['day', 'id'], name='session_day'), models.Index(fields=['area_path', 'day', 'id'], name='session_area')],
                'constraints': [models.CheckConstraint(condition=models.Q(('women__lte', models.F('participants'))), name='women_among_participants', violation_error_message='Số nữ không thể nhiều hơn số người dự.')],
            },
        ),
    ]
