"""How gunicorn serves the pages; addresses and sizes come from the environment."""

import os
from threading import Thread
from typing import Any

wsgi_app = "workmate.wsgi:application"
bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
worker_class = "gthread"
# Loaded once before the workers are made: they share its memory and start at once.
preload_app = True
# A request that takes longer belongs into a job.
timeout = 60
graceful_timeout = 20
max_requests = 5000
max_requests_jitter = 500
# Version 27 would open a control socket in the home folder.
control_socket_disable = True
loglevel = "warning"


def post_worker_init(worker: Any) -> None:
    """Load what issuing needs while the first pages are served already."""
    from invoicing.tasks import warm_up

    Thread(target=warm_up, daemon=True).start()
