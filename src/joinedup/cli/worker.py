"""The worker: one process that does background work, in two threads, until told to stop.

Started by `serve` as `python -m joinedup.cli.worker`, or by hand with `joinedup worker`. A database that goes away is
waited for. Asked to stop, it gives a job a moment to put itself back and then ends: what it was at is run again.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from typing import Any
from uuid import UUID

from joinedup.cli.children import end_with_parent

AT_ONCE = 2
GRACE = 0.8
POLL = 1.0
PAUSE = 1.0


def work(*, is_child: bool = False) -> None:
    """Do background work until told to stop. Django is set up already."""
    asyncio.run(_Working().go_on())
    if is_child:
        os._exit(0)


class _Working:
    """One worker process: whether it is to stop, and what it does meanwhile."""

    def __init__(self) -> None:
        self._stopping = threading.Event()  # heard by jobs in their threads
        self._told = asyncio.Event()
        self._says = ""

    async def go_on(self) -> None:
        """Serve the queue; begin again when the database comes back."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop)
        while not self._told.is_set():
            try:
                await self._serve()
                self._note("")
            except Exception as problem:
                self._note(f"{type(problem).__name__}: {(str(problem).strip().splitlines() or [''])[0][:200]}")
            await self._pause()

    async def _serve(self) -> None:
        from django.conf import settings
        from procrastinate import App
        from procrastinate.contrib.django.utils import connector_params
        from procrastinate.psycopg_connector import PsycopgConnector

        from joinedup.core.jobs import QUEUE

        connector = PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=3, timeout=10)
        # A queue of its own: a job that asks for another one does so in its transaction, by Django's connection.
        queue = App(connector=connector)
        self._teach(queue)
        async with queue.open_async():
            serving = asyncio.create_task(
                queue.run_worker_async(
                    queues=[QUEUE],
                    concurrency=AT_ONCE,
                    install_signal_handlers=False,
                    delete_jobs="successful",
                    fetch_job_polling_interval=POLL,
                    update_heartbeat_interval=settings.JOB_STALLED_SECONDS / 4,
                    stalled_worker_timeout=max(60, settings.JOB_STALLED_SECONDS * 2),
                )
            )
            told = asyncio.create_task(self._told.wait())
            await asyncio.wait({serving, told}, return_when=asyncio.FIRST_COMPLETED)
            told.cancel()
            if not serving.done():
                serving.cancel()
            ended = (await asyncio.gather(serving, return_exceptions=True))[0]
            if isinstance(ended, Exception):
                raise ended

    def _teach(self, queue: Any) -> None:
        """The one task there is: run the job whose id it is given."""
        from procrastinate import BaseRetryStrategy, RetryDecision

        from joinedup.core.jobs import QUEUE, TASK

        class Always(BaseRetryStrategy):
            """Whatever stops an attempt, the job is offered again: the job itself counts, and gives up."""

            def get_retry_decision(self, *, exception: BaseException, job: Any) -> RetryDecision:
                return RetryDecision(retry_in={"seconds": 0 if isinstance(exception, _PutBack) else 3})

        if TASK not in queue.tasks:
            queue.task(name=TASK, queue=QUEUE, retry=Always())(self._run)

    def _run(self, job_id: str) -> None:
        from django.utils import timezone

        from joinedup.access.background import run_in_name

        if self._stopping.is_set():
            raise _PutBack
        if run_in_name(UUID(job_id), clock=timezone.now, stopping=self._stopping).is_to_run_again:
            raise _PutBack if self._stopping.is_set() else _NotYet

    async def _pause(self) -> None:
        try:
            await asyncio.wait_for(self._told.wait(), PAUSE)
        except TimeoutError:
            return

    def _stop(self) -> None:
        self._stopping.set()
        self._told.set()
        asyncio.get_running_loop().call_later(GRACE, os._exit, 0)

    def _note(self, says: str) -> None:
        if says and says != self._says and not self._told.is_set():
            print(f"worker: {says}", file=sys.stderr, flush=True)
        self._says = says


class _PutBack(Exception):
    """The worker is stopping: the next one takes the job at once."""


class _NotYet(Exception):
    """The attempt came to nothing that a moment would not mend."""


if __name__ == "__main__":
    import django

    # By its own name: a queue that is made in the main module is warned about at every start.
    from joinedup.cli.worker import work as work_here

    end_with_parent(int(os.environ["JOINEDUP_PARENT"]))
    django.setup()
    work_here(is_child=True)
