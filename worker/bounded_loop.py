"""An event loop that ends when its work ends, even while the system still looks up a name.

`asyncio.run` waits at its end for the threads of its executor, and no timeout reaches the one in which
`getaddrinfo` waits for a name server. The two packages that speak HTTP share it; it knows nothing of either.
"""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor, Future
from threading import Thread
from typing import Any, TypeVar, TypeVarTuple

_T = TypeVar("_T")
_Ts = TypeVarTuple("_Ts")


def run_bounded(main: Coroutine[Any, Any, _T]) -> _T:
    """What the coroutine gives; the timeouts within it hold for blocking calls too."""
    with asyncio.Runner(loop_factory=_Loop) as runner:
        return runner.run(main)


class _Loop(asyncio.SelectorEventLoop):
    """Makes blocking calls in daemon threads, which it may leave behind."""

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[*_Ts], _T], *args: *_Ts
    ) -> "asyncio.Future[_T]":
        """What is left to the default executor is the look-up of names, which fails with these exceptions alone."""
        if executor is not None:
            return super().run_in_executor(executor, func, *args)
        answer: Future[_T] = Future()

        def call() -> None:
            try:
                answer.set_result(func(*args))
            except (OSError, ValueError, OverflowError) as exc:
                answer.set_exception(exc)

        # Running already, so that nobody can cancel it and make the late answer an error.
        answer.set_running_or_notify_cancel()
        Thread(target=call, name="name look-up", daemon=True).start()
        return asyncio.wrap_future(answer, loop=self)
