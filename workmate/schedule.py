"""The timetable of beat. Each app's line names its task by a string: imports would call up.

`workmate.tasks.enqueue_job` starts a registered job with a visible run.
"""

from celery.schedules import crontab

TIMETABLE = {
    "sweep-jobs": {"task": "workmate.tasks.sweep_jobs", "schedule": 60.0},
    "export-audit-head": {
        "task": "workmate.tasks.export_audit_head",
        "schedule": crontab(hour=0, minute=5),
    },
    "sweep-pdfs": {"task": "invoicing.tasks.sweep_pdfs", "schedule": 600.0},
    "sweep-stripe": {"task": "payments.tasks.sweep_stripe", "schedule": 60.0},
    "poll-stripe": {"task": "payments.tasks.poll_stripe", "schedule": 600.0},
    "collect-statements": {"task": "banking.tasks.collect_statements", "schedule": 60.0},
    "recall-arrivals": {"task": "banking.tasks.recall_arrivals", "schedule": 60.0},
    "forget-answers": {"task": "workmate.tasks.forget_answers", "schedule": crontab(minute=17)},
    "forget-logins": {
        "task": "workmate.tasks.forget_logins",
        "schedule": crontab(hour=3, minute=40),
    },
    "forget-drafts": {
        "task": "invoicing.tasks.forget_drafts",
        "schedule": crontab(hour=3, minute=50),
    },
    "forget-collections": {
        "task": "invoicing.tasks.forget_collections",
        "schedule": crontab(hour=4, minute=0),
    },
    "match-transactions": {
        "task": "workmate.tasks.enqueue_job",
        "schedule": crontab(hour=4, minute=20),
        "args": ["banking.match"],
    },
}
