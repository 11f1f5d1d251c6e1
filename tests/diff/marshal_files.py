"""marshal.load takes no byte more than its value from the file: pipes, files with other data behind, readers that misbehave."""
import io
import marshal
import os


def call(f, *args):
    try:
        r = f(*args)
        print(r if not hasattr(r, "co_code") else r.co_name)
        return r
    except Exception as e:
        print(type(e).__name__, e)


values = [1, 2**70, -2**40, 1.5, 2j, "text", "\u20ac\ud800", b"bytes" * 50000, (1, (2, [3, {4: {5, 6}}])), None, True, ...,
          frozenset([1]), [[]] * 3, "same", "same", StopIteration]
reading, writing = os.pipe()
with open(reading, "rb", 0) as source, open(writing, "wb", 0) as sink:
    for value in values:
        if len(repr(value)) < 1000:
            marshal.dump(value, sink)
            print(marshal.load(source) == value, end=" ")
print()
stream = io.BytesIO(b"".join(map(marshal.dumps, values)) + b"rest")
print([marshal.load(stream) for _ in values] == values, stream.read())
code = compile("def f(a, b=1):\n    return a + b\nx = f(2)", "file", "exec")
stream = io.BytesIO(marshal.dumps(7) + marshal.dumps(code) + marshal.dumps(8))
print(marshal.load(stream))
space = {}
exec(marshal.load(stream), space)
print(space["x"], marshal.load(stream), stream.read())


class Reader(io.BytesIO):
    more = 0

    def readinto(self, buffer):
        n = super().readinto(buffer)
        return n + self.more if n > 3 else n


class Odd(Reader):
    def readinto(self, buffer):
        super().readinto(buffer)
        return self.result


for value in 5, "text" * 10, [1.0, 2.0], {1: (2, 3)}:
    data = marshal.dumps(value)
    for cut in 0, 2, 3, 4:
        call(marshal.load, io.BytesIO(data[:cut]))
    reader = Reader(data)
    reader.more = 10**6
    call(marshal.load, reader)
    for result in -1, 0:
        reader = Odd(data)
        reader.result = result
        try:
            marshal.load(reader)
        except Exception as e:
            print(type(e).__name__)
call(marshal.load, io.StringIO("i"))
call(marshal.load, 5)
call(marshal.load, open(os.devnull))
