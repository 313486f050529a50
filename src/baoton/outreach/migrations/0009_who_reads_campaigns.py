from django.db import migrations, models

STATUS = [('draft', 'đang soạn'), ('running', 'đang triển khai'), ('public', 'công khai')]


def status(default):
    return models.CharField(choices=STATUS, default=default, max_length=10, verbose_name='tình trạng')


class Migration(migrations.Migration):
    """Campaigns that stand were read by everybody and stay so; a new one begins as a draft."""

    dependencies = [
        ('outreach', '0008_knowledge'),
    ]

    operations = [
        migrations.AddField(model_name='campaign', name='status', field=status('public')),
        migrations.AlterField(model_name='campaign', name='status', field=status('draft')),
    ]
