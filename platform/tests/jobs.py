# SPDX-License-Identifier: BSD-2-Clause
"""Jobs: pieces of testing that can run side by side, and the running of them.

A job gives results and never raises: an exception inside is a failure under the job's name. Jobs
that measure, or that need all processors, say `alone` and run after the others, one by one.
Results come in the order of the jobs, whoever finishes first. Read next: run.py.
"""

import traceback
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tap import Result


@dataclass(frozen=True)
class Job:
    """A name, which `--filter` looks at, and what gives the results."""

    name: str
    work: Callable[[], list[Result]]
    alone: bool = False

    def results(self) -> list[Result]:
        """Does the work."""
        try:
            return self.work()
        except Exception:  # pylint: disable=broad-except
            details = traceback.format_exc().splitlines()
            return [Result(f"{self.name}: can be tested", False, details)]


def run_all(jobs: Iterable[Job], parallel: int) -> Iterator[list[Result]]:
    """The results of every job."""
    together = [job for job in jobs if not job.alone]
    with ThreadPoolExecutor(parallel) as pool:
        yield from pool.map(Job.results, together)
    for job in jobs:
        if job.alone:
            yield job.results()
