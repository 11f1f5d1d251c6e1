"""Descriptors that are no descriptors, lists that change while select reads them, groups of a child, lost filters."""
import os
import select
import socket
import subprocess
import sys
import warnings


def call(f, *args, **kwargs):
    try:
        print(f(*args, **kwargs))
    except Exception as e:
        print(type(e).__name__, e)


call(os.read, -1, 1)
call(os.write, -1, b"")
call(os.close, -1)
call(os.lseek, -1, 0, 0)
call(os.fsync, -1)
call(os.fstat, -1)
call(os.read, 2**31, 1)
call(socket.close, -1)
call(socket.close, None)

changing = []


class Shrinks:
    def fileno(self):
        del changing[-1]
        return writable.fileno()


reader, writable = socket.socketpair()
changing[:] = [Shrinks()] * 10
ready = select.select([], changing, [], 0)
print([len(part) for part in ready], len(changing))

for groups in [2**64], [-2], ["a"], [1.5]:
    call(subprocess.call, ["true"], extra_groups=groups)
call(subprocess.call, ["true"], group=2**33)
call(subprocess.call, ["true"], user=2**40)

with warnings.catch_warnings():
    warnings.simplefilter("error")
    call(warnings.warn, "one")
    del warnings.filters
    call(warnings.warn, "two")
    warnings.filters = 5
    call(warnings.warn, "three")

for n in 0, 1, 2**31 - 1, 2**31 - 16, 2**31 - 17, 2**31 - 32, 2**31 - 40, -1:
    call(socket.CMSG_LEN, n)
    call(socket.CMSG_SPACE, n)
one = socket.socket(socket.AF_UNIX)
one.bind("")
print(len(one.getsockname()), one.getsockname()[:1])
datagrams = socket.socket(type=socket.SOCK_DGRAM)
for args in (), (b"x",), (b"x", 0, ("127.0.0.1", 9), 1), (1, ("127.0.0.1", 9)), (b"x", "a", ("127.0.0.1", 9)), (b"x", 0, 5):
    call(datagrams.sendto, *args)
sys.stdout.flush()
