"""What the programs of this folder share: work done by several threads at once, whose failures count."""
import threading
import time


def in_threads(*jobs):
    """Each job once, in a thread of its own; an exception in any of them fails the program."""
    errors = []

    def run(job):
        try:
            job()
        except BaseException as e:
            errors.append(e)
            raise

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not errors, errors


def in_threads_each(n, *jobs):
    """Each job n times, with 0, 1, 2 and so on, in a thread of its own."""
    def many(job):
        for i in range(n):
            job(i)

    in_threads(*(lambda job=job: many(job) for job in jobs))


def results_in_threads(jobs):
    """What each job gave, which is called with its number; all at once."""
    results = [None] * len(jobs)

    def keep(k, job):
        results[k] = job(k)

    in_threads(*(lambda k=k, job=job: keep(k, job) for k, job in enumerate(jobs)))
    return results


def in_threads_for(seconds, *jobs):
    """Each job again and again for so long, or until one fails."""
    end, failed = time.monotonic() + seconds, []

    def again(job):
        try:
            while time.monotonic() < end and not failed:
                job()
        except BaseException as e:
            failed.append(e)
            raise

    in_threads(*(lambda job=job: again(job) for job in jobs))
