"""The book as it stands after step 0002, made at once on an empty database; the steps stay for one that holds rows."""

import baoton.kit.ids
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('assessment', '0001_initial'), ('assessment', '0002_two_editions')]

    dependencies = [
        ('taxa', '0001_squashed_0003_decisions_of_a_body'),
    ]

    operations = [
        migrations.CreateModel(
            name='SpeciesStatus',
            fields=[
                ('id', models.UUIDField(default=baoton.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('organisation', models.CharField(blank=True, default='', max_length=40, verbose_name='cơ quan')),
                ('area_path', models.CharField(blank=True, default='', max_length=40, verbose_name='xã, phường')),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('batch', models.UUIDField(editable=False, null=True)),
                ('withdrawn', models.DateTimeField(editable=False, null=True, verbose_name='rút lúc')),
                ('taxon_group', models.CharField(default='other', max_length=20, verbose_name='nhóm loài')),
                ('on', models.DateField(verbose_name='tính đến ngày')),
                ('records', models.PositiveIntegerField(verbose_name='số ghi nhận')),
                ('years', models.PositiveSmallIntegerField(verbose_name='số năm có ghi nhận')),
                ('blurred', models.PositiveIntegerField(default=0, verbose_name='số ghi nhận làm mờ vị trí')),
                ('withheld', models.PositiveIntegerField(default=0, verbose_name='số ghi nhận không công bố vị trí')),
                ('places', models.PositiveIntegerField(null=True, verbose_name='số vị trí khác nhau')),
                ('eoo_km2', models.FloatField(null=True, verbose_name='phạm vi phân bố (km²)')),
                ('aoo_km2', models.FloatField(null=True, verbose_name='diện tích cư trú (km²)')),
                ('why_unknown', models.CharField(blank=True, default='', max_length=300)),
                ('hull', models.BinaryField(null=True)),
                ('cells', models.BinaryField(null=True)),
                ('legal', models.JSONField(default=dict)),
                ('category', models.CharField(blank=True, default='', max_length=40, verbose_name='hạng')),
                ('indicated', models.CharField(blank=True, default='', max_length=40, verbose_name='hạng hệ thống gợi ý')),
                ('because', models.TextField(blank=True, default='', verbose_name='lý do')),
                ('input_hash', models.CharField(max_length=64)),
                ('method', models.CharField(max_length=80)),
                ('status', models.CharField(choices=[('computed', 'đã tính, chờ thông qua'), ('adopted', 'đã thông qua'), ('superseded', 'đã thay bằng bản mới')], default='computed', max_length=12, verbose_name='tình trạng')),
                ('adopted_by', models.CharField(blank=True, default='', max_length=200, verbose_name='người thông qua')),
                ('adopted_on', models.DateField(blank=True, null=True, verbose_name='ngày thông qua')),
                ('taxon', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statuses', to='taxa.taxon')),
            ],
            options={
                'indexes': [models.Index(fields=['taxon', 'on'], name='status_taxon')],
            },
        ),
        migrations.CreateModel(
            name='TrueExtent',
            fields=[
                ('status', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='true_extent', serialize=False, to='assessment.speciesstatus')),
                ('places', models.PositiveIntegerField()),
                ('eoo_km2', models.FloatField(null=True)),
                ('aoo_km2', models.FloatField(null=True)),
                ('why_unknown', models.CharField(blank=True, default='', max_length=300)),
                ('hull', models.BinaryField(null=True)),
                ('cells', models.BinaryField(null=True)),
                ('indicated', models.CharField(blank=True, default='', max_length=40)),
                ('rests_on', models.JSONField(default=list)),
            ],
        ),
    ]
