"""Damaged marshal data raises, or gives code objects that can be looked at."""
import marshal
import random

random.seed(1)


def f(a, *b, c=1, **k):
    try:
        for i in a:
            yield i + c
    except ValueError:
        return [x for x in b]


sources = [marshal.dumps(f.__code__), marshal.dumps([1, 2**100, 1.5, 'é', 'a' * 300, b'x', {1: (2,)}, frozenset([1, 2])])]
attributes = [name for name in dir(f.__code__) if name.startswith("co_") and not callable(getattr(f.__code__, name))]
attributes.remove("co_code")
for _ in range(600):
    data = bytearray(random.choice(sources))
    for _ in range(random.choice((1, 2, 4))):
        at = random.randrange(len(data))
        if random.random() < 0.7:
            data[at] = random.randrange(256)
        else:
            del data[at:at + random.randrange(1, 9)]
    try:
        code = marshal.loads(bytes(data))
        if hasattr(code, 'co_code'):
            for name in attributes:
                getattr(code, name)
            len(list(code.co_positions())), len(list(code.co_lines()))
    except Exception:
        pass
