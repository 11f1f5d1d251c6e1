# gil: 0
"""Two text streams over buffers written in Python, each of which writes to the other stream: in opposite order, nobody waits for ever."""
import faulthandler
import io
import threading

from _together import in_threads_for

faulthandler.dump_traceback_later(20, exit=True)
inside = threading.local()


class Tee(io.BufferedIOBase):
    def __init__(self):
        self.seen = []

    def writable(self):
        return True

    def write(self, data):
        self.seen.append(bytes(data))
        if not getattr(inside, "here", False):
            inside.here = True
            try:
                self.other.write("copy\n")
                self.other.flush()
            finally:
                inside.here = False
        return len(data)


a, b = Tee(), Tee()
one, two = io.TextIOWrapper(a, "utf-8"), io.TextIOWrapper(b, "utf-8")
a.other, b.other = two, one
wrote = [0, 0]


def use(number, stream):
    stream.write(f"line {wrote[number]}\n")
    stream.flush()
    wrote[number] += 1


in_threads_for(0.4, lambda: use(0, one), lambda: use(1, two))
one.flush(), two.flush()
for tee, n in ((a, wrote[0]), (b, wrote[1])):
    lines = b"".join(tee.seen).split(b"\n")
    assert sorted(l for l in lines if l.startswith(b"line")) == sorted(b"line %d" % i for i in range(n)), lines[:5]
    assert set(l for l in lines if not l.startswith(b"line")) <= {b"copy", b""}
