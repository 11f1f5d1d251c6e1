"""The handler of a signal that comes during a native call runs before the next instruction."""
import _thread
import os
import signal


def handler(number, frame):
    raise ZeroDivisionError


signal.signal(signal.SIGINT, handler)
for send in (_thread.interrupt_main, lambda: os.kill(os.getpid(), signal.SIGINT),
             lambda: signal.raise_signal(signal.SIGINT)):
    after = False
    try:
        send()
        after = True
    except ZeroDivisionError:
        pass
    assert not after
