"""An end to work that a stranger's text makes long."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class TookTooLong(RuntimeError):
    """The work inside had its time."""


@contextmanager
def at_most(processor_seconds: float) -> Iterator[None]:
    """Raise TookTooLong out of the work inside once it has used so much processor time.

    For computation that holds nothing: the interruption comes between any two steps, also inside the search
    for a regular expression. Only the main thread can be interrupted. Raises RuntimeError in others.
    """
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("only the main thread can be interrupted")

    def interrupt(signum: int, frame: FrameType | None) -> None:
        raise TookTooLong

    before = signal.signal(signal.SIGPROF, interrupt)
    signal.setitimer(signal.ITIMER_PROF, processor_seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
