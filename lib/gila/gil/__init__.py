"""The lock around the interpreter (the GIL), made visible.

    import gil

    gil.enabled()                 # True while there is one lock
    for thread in gil.stats():    # how each thread fared with it: a list of dicts
        print(thread["name"], thread["waiting"])
    gil.lift()                    # from here on threads run in parallel; stats tells of objects' locks then
    gil.require()                 # this module needs the lock: -X gil=0 and auto leave it
    with gil.trace("trace.json"): # record who had the lock, who waited, and for what
        work()

and from the command line (`gila -m gil --help`):

    gila -m gil report prog.py    # why threads help this program, or do not, and what to do
    gila -m gil top PID           # the threads of a running process

Times are in seconds. docs/gil.md explains what the numbers mean.
"""
import _gil

enabled, mode, policy = _gil.enabled, _gil.mode, _gil.policy
lift, require = _gil.lift, _gil.require
stats, totals, peek = _gil.stats, _gil.totals, _gil.peek

__all__ = ["enabled", "lift", "mode", "peek", "policy", "require", "stats", "totals", "trace"]


class trace:
    """Records what the threads do with the lock while the block runs.

    The file opens in Perfetto and chrome://tracing; `gila -m gil report --from FILE` explains it.
    OSError when the path cannot be written, RuntimeError when a trace is being recorded already.
    After the block `events` and `dropped` say how many events there were, and were too fast.
    """

    def __init__(self, path):
        self.path = path
        self.events = self.dropped = None

    def __enter__(self):
        _gil.trace_start(self.path)
        return self

    def __exit__(self, *raised):
        self.events, self.dropped = _gil.trace_stop()
        return False
