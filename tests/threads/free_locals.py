# gil: 0
"""Frames that other threads are running: their variables, f_trace, f_lineno and clear(); frames of generators that others resume."""
import sys

from _together import in_threads_for

frames = []


class Thing:
    def __init__(self, n):
        self.n = n


def body(n, *rest, key=None):
    cell = Thing(n)
    inner = lambda: cell
    for i in range(20):
        cell = Thing(i)
        text = "x" * (i + 300)
        pair = [text, (cell, n)]
        del text
    return inner().n + len(pair)


def run():
    frames[:] = [sys._getframe()]
    assert body(1, 2, 3, key=4) == 21


def generate(n):
    for i in range(n):
        made = [Thing(i)]
        yield made
        del made


shared = generate(10**9)


def resume():
    try:
        for _ in range(20):
            next(shared)
    except ValueError:  # another one is in it
        pass


def look():
    for frame in (*sys._current_frames().values(), shared.gi_frame, *frames):
        for _ in range(10):
            if frame is None:
                break
            names = frame.f_locals
            for value in list(names.values()):
                if isinstance(value, Thing):
                    assert getattr(value, "n", 0) >= 0  # or about to get it
            assert "names" not in names or frame.f_code is look.__code__
            frame.f_trace = None
            try:
                frame.f_lineno = 1
            except ValueError:
                pass
            else:
                assert False, "jumped in a frame that is not traced"
            if frame is not shared.gi_frame and frame.f_code in (body.__code__, look.__code__):
                try:
                    frame.clear()
                except RuntimeError:
                    pass
            frame = frame.f_back
    assert shared.gi_yieldfrom is None and shared.gi_frame.f_code is generate.__code__


def ends():
    """A generator that ends while its frame is asked for."""
    short = [generate(2)]

    def use():
        short[0] = generate(2)
        for _ in short[0]:
            pass

    def ask():
        g = short[0]
        frame = g.gi_frame
        if frame is not None:
            frame.f_locals, frame.f_lineno, frame.f_back
            repr(frame)

    in_threads_for(0.3, use, ask, ask)


in_threads_for(0.6, run, look, resume, look)
ends()
