"""The book as it stands after step 0005, made at once on an empty database; the steps stay for one that holds rows."""

import baoton.kit.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('files', '0001_initial'), ('files', '0002_follows_its_record'), ('files', '0003_reporter'), ('files', '0004_alter_evidence_kind'), ('files', '0005_outings')]

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Evidence',
            fields=[
                ('id', models.UUIDField(default=baoton.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('organisation', models.CharField(blank=True, default='', max_length=40, verbose_name='cơ quan')),
                ('area_path', models.CharField(blank=True, default='', max_length=40, verbose_name='xã, phường')),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('batch', models.UUIDField(editable=False, null=True)),
                ('withdrawn', models.DateTimeField(editable=False, null=True, verbose_name='rút lúc')),
                ('geom', models.BinaryField(null=True)),
                ('min_x', models.FloatField(editable=False, null=True)),
                ('min_y', models.FloatField(editable=False, null=True)),
                ('max_x', models.FloatField(editable=False, null=True)),
                ('max_y', models.FloatField(editable=False, null=True)),
                ('cell', models.BigIntegerField(editable=False, null=True)),
                ('area_path_then', models.CharField(blank=True, default='', editable=False, max_length=40, verbose_name='đơn vị hành chính lúc ghi nhận')),
                ('disclosure', models.SmallIntegerField(choices=[(0, 'đúng vị trí'), (1, 'làm mờ theo ô lưới'), (2, 'không công bố vị trí')], default=0, editable=False, verbose_name='mức công bố vị trí')),
                ('shown_x', models.FloatField(editable=False, null=True)),
                ('shown_y', models.FloatField(editable=False, null=True)),
                ('shown_cell', models.BigIntegerField(editable=False, null=True)),
                ('shown_area_path', models.CharField(blank=True, default='', editable=False, max_length=40)),
                ('shown_uncertainty_m', models.FloatField(editable=False, null=True)),
                ('reporter', models.CharField(blank=True, db_index=True, default='', editable=False, max_length=60)),
                ('guarded_for', models.CharField(blank=True, default='', editable=False, max_length=120)),
                ('kind', models.CharField(choices=[('photo', 'ảnh'), ('scan', 'bản quét'), ('decision', 'quyết định'), ('attendance', 'danh sách người dự'), ('minutes', 'biên bản'), ('source', 'tệp gốc đã nhập')], max_length=12, verbose_name='loại')),
                ('title', models.CharField(max_length=300, verbose_name='tên')),
                ('sha256', models.CharField(max_length=64, verbose_name='sha256')),
                ('media_type', models.CharField(max_length=100)),
                ('size', models.BigIntegerField(verbose_name='cỡ tệp')),
                ('taken', models.DateTimeField(blank=True, null=True, verbose_name='chụp lúc')),
                ('creator', models.CharField(blank=True, default='', max_length=200, verbose_name='người chụp, người lập')),
                ('licence', models.CharField(blank=True, default='', max_length=100, verbose_name='giấy phép')),
                ('about_type', models.CharField(blank=True, default='', max_length=80)),
                ('about_id', models.UUIDField(blank=True, null=True)),
                ('exif_note', models.CharField(blank=True, default='', max_length=300, verbose_name='đối chiếu ảnh')),
                ('taxon_group', models.CharField(blank=True, default='', editable=False, max_length=20)),
            ],
            options={
                'indexes': [models.Index(fields=['about_type', 'about_id'], name='evidence_about')],
            },
        ),
    ]
