"""A signal that comes during a native call with a star is handled before the next statement."""
import os
import signal


def handler(number, frame):
    raise KeyError(number)


signal.signal(signal.SIGUSR1, handler)


class Expect:
    def __enter__(self):
        return self

    def __exit__(self, kind, value, tb):
        return kind is KeyError


for _ in range(50):
    with Expect():
        os.kill(*(os.getpid(), signal.SIGUSR1))
        assert False, "not handled"
    with Expect():
        args = (os.getpid(), signal.SIGUSR1)
        os.kill(*args, **{})
print("ok")
