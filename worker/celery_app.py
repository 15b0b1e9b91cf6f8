"""The Celery application: settings, queues and schedule; it knows task names only, not what they do.

Settings were measured: late acknowledgement with restore options lost nothing when workers and broker were
killed; the visibility timeout exceeds the hard time limit, so that no task runs twice merely for being slow.
"""

from celery import Celery

QUEUE_FETCH = "fetch"
QUEUE_NLP = "nlp"
QUEUE_DELIVER = "deliver"
QUEUES = (QUEUE_FETCH, QUEUE_NLP, QUEUE_DELIVER)

POLL_DUE_FEEDS = "poll_due_feeds"
POLL_FEED = "poll_feed"
READ_DUE_PAGES = "read_due_pages"
READ_PAGE = "read_page"
ANALYSE_PENDING = "analyse_pending"
DELIVER = "deliver"
SWEEP = "sweep"
FLUSH_HELD = "flush_held"
FIND_SPIKES = "find_spikes"
MAKE_REVIEWS = "make_reviews"
RENEW_SUBSCRIPTIONS = "renew_subscriptions"

ROUTES = {
    POLL_DUE_FEEDS: QUEUE_FETCH,
    POLL_FEED: QUEUE_FETCH,
    READ_DUE_PAGES: QUEUE_FETCH,
    READ_PAGE: QUEUE_FETCH,
    ANALYSE_PENDING: QUEUE_NLP,
    DELIVER: QUEUE_DELIVER,
    SWEEP: QUEUE_DELIVER,
    FLUSH_HELD: QUEUE_DELIVER,
    # These two need the watches, which only this queue has.
    FIND_SPIKES: QUEUE_NLP,
    MAKE_REVIEWS: QUEUE_NLP,
    RENEW_SUBSCRIPTIONS: QUEUE_FETCH,
}

#: No task may take longer; the visibility timeout below must exceed it.
TASK_LIMIT_S = 240

#: A message that nobody took for so long is worth nothing: the next tick says the same.
_MESSAGE_EXPIRES_S = 30
#: between two looks at what hubs are to be asked for
_SUBSCRIPTIONS_S = 60.0
#: between two looks at how many stories the watches have
_LOOKBACK_S = 900.0


def build_app(broker_url: str, tick_s: float) -> Celery:
    """The application on a broker; `tick_s` is the time between two looks at the database."""
    app = Celery("vestitel", broker=broker_url, set_as_current=False)
    app.conf.update(
        accept_content=["json"],
        task_serializer="json",
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_time_limit=TASK_LIMIT_S,
        task_soft_time_limit=200,
        task_create_missing_queues=True,
        task_routes={task: {"queue": queue} for task, queue in ROUTES.items()},
        task_default_queue=QUEUE_FETCH,
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_soft_shutdown_timeout=10,
        # Loading the language models takes seconds; Celery's 4 s would kill the child and loop.
        worker_proc_alive_timeout=120,
        worker_max_memory_per_child=2_000_000,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        worker_send_task_events=False,
        worker_enable_remote_control=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options={
            "visibility_timeout": 900,
            "unacked_restore_interval": 15,
            "unacked_restore_throttle": 1,
            "socket_timeout": 30,
            "socket_connect_timeout": 5,
            "socket_keepalive": True,
            "health_check_interval": 25,
        },
        timezone="UTC",
        beat_schedule=_schedule(tick_s),
        beat_max_loop_interval=min(tick_s, 5.0),
    )
    return app


def _schedule(tick_s: float) -> dict[str, dict[str, object]]:
    ticking = (POLL_DUE_FEEDS, READ_DUE_PAGES, ANALYSE_PENDING, SWEEP, FLUSH_HELD)
    seldom = ((RENEW_SUBSCRIPTIONS, _SUBSCRIPTIONS_S), (FIND_SPIKES, _LOOKBACK_S), (MAKE_REVIEWS, _LOOKBACK_S))
    # One that comes seldom may wait until the queue is free.
    times = [(task, tick_s, float(_MESSAGE_EXPIRES_S)) for task in ticking]
    times += [(task, every_s, every_s) for task, every_s in seldom]
    return {
        task: {"task": task, "schedule": every_s, "options": {"expires": expires_s}}
        for task, every_s, expires_s in times
    }


def enqueue(app: Celery, task: str, *ids: str) -> None:
    """Says "look now"; a lost message costs one tick, so one that cannot be sent is not an error."""
    app.send_task(task, args=ids, queue=ROUTES[task], expires=_MESSAGE_EXPIRES_S, retry=False)
