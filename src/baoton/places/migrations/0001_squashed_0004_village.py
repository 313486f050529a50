"""The book as it stands after step 0004, made at once on an empty database; the steps stay for one that holds rows."""

import baoton.kit.ids
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('places', '0001_initial'), ('places', '0002_boundary'), ('places', '0003_names_without_days'), ('places', '0004_village')]

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='ProtectedArea',
            fields=[
                ('code', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=200, verbose_name='tên')),
                ('kind', models.CharField(max_length=60, verbose_name='loại')),
                ('status', models.CharField(max_length=60, verbose_name='tình trạng')),
                ('area_ha', models.FloatField(null=True, verbose_name='diện tích (ha)')),
                ('geom', models.BinaryField(null=True)),
                ('shape', models.CharField(choices=[('none', 'chưa có ranh giới'), ('schematic', 'sơ đồ'), ('official', 'ranh giới chính thức')], default='none', max_length=12)),
                ('source', models.CharField(blank=True, default='', max_length=300)),
            ],
        ),
        migrations.CreateModel(
            name='Village',
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
                ('name', models.CharField(max_length=120, verbose_name='tên bản')),
                ('other_names', models.CharField(blank=True, default='', max_length=200, verbose_name='tên gọi khác')),
                ('source', models.CharField(blank=True, default='', max_length=300, verbose_name='nguồn')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('path', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=20, verbose_name='mã')),
                ('name', models.CharField(max_length=120, verbose_name='tên')),
                ('kind', models.CharField(choices=[('province', 'tỉnh'), ('district', 'huyện'), ('city', 'thành phố'), ('commune', 'xã'), ('ward', 'phường'), ('town', 'thị trấn')], max_length=12, verbose_name='loại')),
                ('former_district', models.CharField(blank=True, default='', max_length=40)),
                ('valid_from', models.DateField(null=True, verbose_name='từ ngày')),
                ('valid_to', models.DateField(null=True, verbose_name='đến ngày')),
                ('area_km2', models.FloatField(null=True, verbose_name='diện tích (km²)')),
                ('lon', models.FloatField(null=True)),
                ('lat', models.FloatField(null=True)),
                ('geom', models.BinaryField(null=True)),
                ('shape', models.CharField(choices=[('none', 'chưa có ranh giới'), ('schematic', 'sơ đồ'), ('official', 'ranh giới chính thức')], default='none', max_length=12)),
                ('source', models.CharField(blank=True, default='', max_length=300, verbose_name='nguồn')),
                ('certainty', models.CharField(blank=True, default='', max_length=20, verbose_name='độ chắc chắn')),
                ('changed', models.DateTimeField(auto_now=True)),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='places.unit')),
            ],
            options={
                'ordering': ['path'],
                'indexes': [models.Index(fields=['kind', 'valid_to'], name='unit_kind')],
            },
        ),
        migrations.CreateModel(
            name='Merge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.BooleanField(default=False)),
                ('source', models.CharField(blank=True, default='', max_length=300)),
                ('new', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='made_of', to='places.unit')),
                ('old', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='went_into', to='places.unit')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('old', 'new'), name='merge_once')],
            },
        ),
        migrations.CreateModel(
            name='Boundary',
            fields=[
                ('id', models.UUIDField(default=baoton.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('organisation', models.CharField(blank=True, default='', max_length=40, verbose_name='cơ quan')),
                ('area_path', models.CharField(blank=True, default='', max_length=40, verbose_name='xã, phường')),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('batch', models.UUIDField(editable=False, null=True)),
                ('withdrawn', models.DateTimeField(editable=False, null=True, verbose_name='rút lúc')),
                ('geom', models.BinaryField(verbose_name='hình')),
                ('area_km2', models.FloatField(null=True, verbose_name='diện tích đo được (km²)')),
                ('source', models.CharField(blank=True, default='', max_length=300, verbose_name='nguồn')),
                ('unit', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='boundary', to='places.unit', verbose_name='đơn vị')),
            ],
            options={
                'abstract': False,
            },
        ),
    ]
