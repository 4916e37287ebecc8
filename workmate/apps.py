from django.apps import AppConfig


class WorkmateConfig(AppConfig):
    name = "workmate"
    verbose_name = "Grundlagen"
