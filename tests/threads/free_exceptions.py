# gil: 0
"""Exceptions that several threads raise, catch, print and change at once without the lock."""
import sys

import concurrent.futures
import io
import traceback

from _together import in_threads_for


def check_failed_future():
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        future = pool.submit(lambda: {}["missing"])
        concurrent.futures.wait([future])

    def ask():
        try:
            future.result()
        except KeyError as e:
            assert e.args == ("missing",)
            e.__traceback__ = None  # else it grows without end

    def ask_within_another():
        try:
            try:
                raise ValueError
            except ValueError:
                future.result()
        except KeyError as e:
            e.__context__, e.__cause__
            e.__traceback__ = None

    in_threads_for(0.3, ask, ask, ask_within_another, ask_within_another)


def check_fields():
    e = OSError(2, "No such file", "a", None, "b")
    u = UnicodeDecodeError("ascii", b"\xff", 0, 1, "no")
    s = SyntaxError("m", ("f", 1, 1, "t"))

    def write():
        e.args = (1, [2])
        e.errno = [3]
        e.filename = "n" * 40
        e.__cause__ = ValueError()
        e.__context__ = KeyError()
        u.object = b"\xfe" + bytes(40)
        u.reason = "r" * 30
        s.filename = "f" * 30
        s.msg = "m" * 30
        e.__init__(4, "again")
        e.note = [5]

    def delete():
        e.filename = None
        e.__cause__ = None
        e.__context__ = None
        try:
            del e.note
        except AttributeError:
            pass

    def read():
        str(e), repr(e), e.args, e.errno, e.__cause__, e.__context__, str(u), repr(u), str(s), e.__reduce__()
        getattr(e, "note", None)

    def show():
        sys.stderr = io.StringIO()
        sys.excepthook(type(e), e, None)
        sys.excepthook(type(s), s, None)

    keep = sys.stderr
    try:
        in_threads_for(0.3, write, delete, read, show)
    finally:
        sys.stderr = keep


def check_chains():
    # Each thread raises exceptions that are in the others' chains.
    pool = [ValueError(i) for i in range(4)]

    def work(n):
        def job():
            try:
                try:
                    raise pool[n]
                except ValueError:
                    raise pool[(n + 1) % 4]
            except ValueError as e:
                assert e in pool
                seen = set()
                while e is not None and id(e) not in seen:
                    seen.add(id(e))
                    e.__traceback__ = None
                    e = e.__context__
        return job

    in_threads_for(0.25, *[work(n) for n in range(4)])


def check_groups_and_notes():
    group = ExceptionGroup("g", [ValueError(1), KeyError(2)])

    def note():
        group.add_note("n" * 20)
        group.__notes__ = []

    def split():
        try:
            raise group
        except* ValueError as e:
            assert e.exceptions[0].args == (1,)
        except* KeyError:
            pass
        group.__traceback__ = None

    in_threads_for(0.2, note, split, split, lambda: traceback.format_exception(group))


def check_missing_attribute():
    class C:
        def __getattr__(self, name):
            raise error

    error = AttributeError("shared")
    o = C()

    def ask():
        try:
            o.x
        except AttributeError as e:
            assert e is error
            e.name, e.obj
            e.__traceback__ = None
            e.name = None
            e.obj = None

    in_threads_for(0.15, ask, ask, ask)


check_failed_future()
check_fields()
check_chains()
check_groups_and_notes()
check_missing_attribute()
