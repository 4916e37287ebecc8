"""WorkmateOS Finance: the project and its shared ground."""

from workmate.celery import app as celery_app

__all__ = ["celery_app"]
