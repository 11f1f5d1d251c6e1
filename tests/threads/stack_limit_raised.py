# tsan: no, ThreadSanitizer keeps stacks of 65,536 frames at most
"""A thread's stack ends where it ends, whatever the limit of the main thread's has become."""
import resource
import sys
import threading

soft, hard = resource.getrlimit(resource.RLIMIT_STACK)
far = 1 << 44
resource.setrlimit(resource.RLIMIT_STACK, (far if hard == resource.RLIM_INFINITY else hard, hard))
sys.setrecursionlimit(10**6)


class Endless:
    def __repr__(self):
        return repr(self.it)


def deep():
    endless = Endless()
    endless.it = endless
    try:
        repr(endless)
    except RecursionError:
        caught.append(True)


caught = []
thread = threading.Thread(target=deep)
thread.start()
thread.join()
assert caught == [True]
