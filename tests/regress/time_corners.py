"""Threads that are none have no clock; a null character ends no directive unseen."""
import errno
import threading
import time

clock = time.pthread_getcpuclockid(threading.get_ident())
assert time.clock_gettime(clock) >= 0
for ident in (1, 1 << 40, threading.get_ident() + 64, 2**64 - 1):
    try:
        time.pthread_getcpuclockid(ident)
    except OSError as error:
        assert error.errno == errno.ESRCH
    else:
        raise AssertionError(ident)

moment = (2020, 1, 1, 0, 0, 0, 0, 1, 0)
for text in ("%\0d", "%-\0", "%5\0Y", "%E\0", "%Y\0"):
    try:
        time.strftime(text, moment)
    except ValueError as error:
        assert "null" in str(error)
    else:
        raise AssertionError(text)
assert time.strftime("%", moment) == "%" and time.strftime("a%-d%Y%", moment) == "a12020%"
