"""A collection that frees a view of a buffer gives the buffer back: its exporter can be resized and
closed again. (Slots that a type needs when it dies are not emptied to break a cycle.)"""
import array
import gc
import io
import mmap
import pickle
import re
import struct


class Box:
    pass


def leave_to_collector(view):
    box = Box()
    box.me = box
    box.view = view
    del box, view
    gc.collect()


def check(make):
    data = bytearray(1000)
    leave_to_collector(make(data))
    data.append(1)
    assert len(data) == 1001


check(memoryview)
check(lambda b: memoryview(b)[1:3])
check(lambda b: iter(memoryview(b)))
check(lambda b: struct.iter_unpack("b", b))
check(pickle.PickleBuffer)
check(lambda b: memoryview(pickle.PickleBuffer(b)))
check(lambda b: re.compile(b"a").scanner(b))

stream = io.BytesIO(b"abc")
leave_to_collector(stream.getbuffer())
stream.write(b"x" * 100)
area = mmap.mmap(-1, 100)
leave_to_collector(memoryview(area))
area.close()
numbers = array.array("i", [1])
leave_to_collector(memoryview(numbers))
numbers.append(2)


class Stream(io.BytesIO):
    pass


# The exporter is in the cycle too.
stream = Stream(b"abc")
stream.view = stream.getbuffer()
del stream
gc.collect()


class Data(bytearray):
    pass


data = Data(b"abc")
data.view = memoryview(data)
data.box = (data.view, [data])
del data
gc.collect()


class Raw(io.RawIOBase):
    """Keeps a view of what it is lent, in a cycle."""

    def readable(self):
        return True

    def readinto(self, b):
        self.kept = memoryview(b)[5:]
        self.me = self
        b[:] = b"x" * len(b)
        return len(b)


target = bytearray(100000)
reader = io.BufferedReader(Raw(), 10)
reader.readinto(target)
try:
    target.clear()
    raise AssertionError("the view that is kept does not hold the buffer")
except BufferError:
    pass
del reader
gc.collect()
target.clear()
