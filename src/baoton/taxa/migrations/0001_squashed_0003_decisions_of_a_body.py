"""The book as it stands after step 0003, made at once on an empty database; the steps stay for one that holds rows."""

import baoton.kit.ids
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('taxa', '0001_initial'), ('taxa', '0002_names_without_days'), ('taxa', '0003_decisions_of_a_body')]

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Taxon',
            fields=[
                ('id', models.UUIDField(default=baoton.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('organisation', models.CharField(blank=True, default='', max_length=40, verbose_name='cơ quan')),
                ('area_path', models.CharField(blank=True, default='', max_length=40, verbose_name='xã, phường')),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('batch', models.UUIDField(editable=False, null=True)),
                ('withdrawn', models.DateTimeField(editable=False, null=True, verbose_name='rút lúc')),
                ('scientific_name', models.CharField(max_length=200, verbose_name='tên khoa học')),
                ('authorship', models.CharField(blank=True, default='', max_length=200, verbose_name='tác giả')),
                ('rank', models.CharField(default='species', max_length=30, verbose_name='bậc')),
                ('status', models.CharField(choices=[('accepted', 'tên được chấp nhận'), ('synonym', 'tên đồng nghĩa'), ('doubtful', 'tên chưa rõ')], default='accepted', max_length=10, verbose_name='tình trạng tên')),
                ('vernacular_vi', models.CharField(blank=True, default='', max_length=300, verbose_name='tên Việt Nam')),
                ('vernacular_en', models.CharField(blank=True, default='', max_length=300, verbose_name='tên tiếng Anh')),
                ('kingdom', models.CharField(blank=True, default='', max_length=60, verbose_name='giới')),
                ('phylum', models.CharField(blank=True, default='', max_length=60, verbose_name='ngành')),
                ('klass', models.CharField(blank=True, db_column='class', default='', max_length=60, verbose_name='lớp')),
                ('order', models.CharField(blank=True, default='', max_length=60, verbose_name='bộ')),
                ('family', models.CharField(blank=True, default='', max_length=60, verbose_name='họ')),
                ('genus', models.CharField(blank=True, default='', max_length=60, verbose_name='chi')),
                ('taxon_group', models.CharField(choices=[('mammal', 'thú'), ('bird', 'chim'), ('reptile', 'bò sát'), ('amphibian', 'lưỡng cư'), ('fish', 'cá'), ('invertebrate', 'động vật không xương sống'), ('plant', 'thực vật'), ('fungus', 'nấm'), ('other', 'nhóm khác')], default='other', max_length=20, verbose_name='nhóm')),
                ('sensitivity', models.SmallIntegerField(choices=[(0, 'đúng vị trí'), (1, 'làm mờ theo ô lưới'), (2, 'không công bố vị trí')], default=0, editable=False, verbose_name='mức công bố vị trí')),
                ('sensitivity_why', models.CharField(blank=True, default='', editable=False, max_length=300)),
                ('expected', models.CharField(blank=True, default='', max_length=20, verbose_name='khả năng có trong tỉnh')),
                ('source', models.CharField(blank=True, default='', max_length=300, verbose_name='nguồn')),
                ('source_key', models.CharField(blank=True, default='', max_length=200)),
                ('key', models.CharField(db_index=True, editable=False, max_length=200)),
                ('search_text', models.TextField(default='', editable=False)),
                ('accepted', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='synonyms', to='taxa.taxon')),
            ],
            options={
                'indexes': [models.Index(fields=['taxon_group', 'scientific_name'], name='taxon_group_name'), models.Index(fields=['scientific_name', 'id'], name='taxon_name')],
            },
        ),
        migrations.CreateModel(
            name='NameDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('written', models.CharField(max_length=300)),
                ('organisation', models.CharField(blank=True, default='', max_length=40)),
                ('decided_by', models.CharField(max_length=200)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('taxon', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to='taxa.taxon')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('written', 'organisation'), name='one_decision_a_body')],
            },
        ),
    ]
