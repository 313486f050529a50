"""The book as it stands after step 0005, made at once on an empty database; the steps stay for one that holds rows."""

import baoton.kit.ids
import baoton.people.models
import django.contrib.auth.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('people', '0001_initial'), ('people', '0002_sign_in'), ('people', '0003_accounts'), ('people', '0004_private_bodies'), ('people', '0005_duty')]

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('code', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='mã cơ quan')),
                ('name', models.CharField(max_length=200, verbose_name='tên cơ quan')),
                ('name_en', models.CharField(blank=True, default='', max_length=200)),
                ('area_path', models.CharField(blank=True, default='', max_length=40, verbose_name='địa bàn')),
                ('private', models.BooleanField(default=False, verbose_name='của một chủ cơ sở')),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('first_name', models.CharField(blank=True, max_length=150, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=150, verbose_name='last name')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('id', models.UUIDField(default=baoton.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(blank=True, default='', max_length=120, verbose_name='chức vụ')),
                ('phone', models.CharField(blank=True, default='', max_length=30, verbose_name='điện thoại')),
                ('session_epoch', models.PositiveIntegerField(default=0, editable=False)),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='people.organisation', verbose_name='cơ quan')),
            ],
            options={
                'verbose_name': 'user',
                'verbose_name_plural': 'users',
                'abstract': False,
            },
            managers=[
                ('objects', baoton.people.models.People()),
            ],
        ),
        migrations.CreateModel(
            name='SecondFactor',
            fields=[
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='second', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('secret', models.CharField(max_length=64)),
                ('confirmed', models.DateTimeField(null=True)),
                ('last_step', models.BigIntegerField(default=0)),
                ('codes', models.JSONField(default=list)),
            ],
        ),
        migrations.CreateModel(
            name='Grant',
            fields=[
                ('id', models.UUIDField(default=baoton.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('role', models.CharField(max_length=40, verbose_name='vai trò')),
                ('area_path', models.CharField(blank=True, default='', max_length=40, verbose_name='địa bàn')),
                ('organisation', models.CharField(blank=True, default='', max_length=40, verbose_name='chỉ dữ liệu của cơ quan')),
                ('taxon_group', models.CharField(blank=True, default='', max_length=40, verbose_name='chỉ nhóm loài')),
                ('since', models.DateField(default=django.utils.timezone.localdate, verbose_name='từ ngày')),
                ('until', models.DateField(blank=True, null=True, verbose_name='đến ngày')),
                ('given_by', models.CharField(blank=True, default='', max_length=200, verbose_name='người cấp')),
                ('reason', models.CharField(blank=True, default='', max_length=300, verbose_name='căn cứ')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='grants', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['person', 'role'],
            },
        ),
        migrations.CreateModel(
            name='OneTimeLink',
            fields=[
                ('digest', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('first', 'quản trị đầu tiên'), ('join', 'vào lần đầu'), ('reset', 'đặt lại mật khẩu')], max_length=8)),
                ('made_by', models.CharField(blank=True, default='', max_length=200)),
                ('made', models.DateTimeField(default=django.utils.timezone.now)),
                ('until', models.DateTimeField()),
                ('used', models.DateTimeField(null=True)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='links', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Duty',
            fields=[
                ('id', models.UUIDField(default=baoton.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('organisation', models.CharField(blank=True, default='', max_length=40, verbose_name='cơ quan')),
                ('area_path', models.CharField(blank=True, default='', max_length=40, verbose_name='xã, phường')),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('batch', models.UUIDField(editable=False, null=True)),
                ('withdrawn', models.DateTimeField(editable=False, null=True, verbose_name='rút lúc')),
                ('since', models.DateField(verbose_name='từ ngày')),
                ('until', models.DateField(verbose_name='đến ngày')),
                ('note', models.CharField(blank=True, default='', max_length=300, verbose_name='ghi chú')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='duties', to=settings.AUTH_USER_MODEL, verbose_name='người trực')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['area_path', 'since', 'until'], name='duty_area')],
                'constraints': [models.CheckConstraint(condition=models.Q(('until__gte', models.F('since'))), name='duty_ends_after_it_began', violation_error_message='Ngày cuối không thể trước ngày đầu.')],
            },
        ),
    ]
