"""Finalizers of classes run before the files in the same cycle close themselves."""
import gc
import io

seen = []


class Holder:
    def __init__(self):
        self.buffer = io.BytesIO(b"data")
        self.text = io.StringIO()
        self.me = self

    def __del__(self):
        seen.append((self.buffer.closed, self.text.closed, self.buffer.read()))


for _ in range(50):
    Holder()
gc.collect()
assert seen == [(False, False, b"data")] * 50, seen
print("ok")
