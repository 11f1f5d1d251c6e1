"""A finalizer that runs while a function's locals are dropped sees the caller, not the frame that ends."""
import sys


class Last:
    def __del__(self):
        frame = sys._getframe(1)
        seen.append((frame, frame.f_code.co_name))


def ending():
    last = Last()
    return 1


def closing():
    def generator():
        try:
            yield 1
        finally:
            seen.append((sys._getframe(1), sys._getframe(1).f_code.co_name))
    g = generator()
    next(g)


seen = []
for _ in range(50):
    ending()
    closing()
for frame, name in seen:
    frame.f_lineno, frame.f_locals, frame.f_back, frame.f_code
del seen[:]
print("done")
