"""A profiler whose timer clears it, and one that another thread reads and clears while it counts."""
import cProfile
import threading

ticks = 0


def timer():
    global ticks
    ticks += 1
    if ticks % 5 == 0:
        cleared.clear()
    return ticks


def nested(depth):
    if depth:
        nested(depth - 1)
    len("x")


cleared = cProfile.Profile(timer)
cleared.enable()
for _ in range(20):
    nested(5)
cleared.disable()
assert cleared.getstats()

shared = cProfile.Profile()
done = False


def reader():
    while not done:
        shared.getstats()
        shared.clear()


thread = threading.Thread(target=reader)
thread.start()
shared.enable()
for _ in range(2000):
    nested(5)
shared.disable()
done = True
thread.join()

plain = cProfile.Profile()
plain.enable()
nested(3)
plain.disable()
counts = sorted((str(e.code).split(" at")[0], e.callcount, e.reccallcount, len(e.calls or ())) for e in plain.getstats())
assert counts[1:] == [("<code object nested", 4, 3, 2), ("<method 'disable' of '_lsprof.Profiler' objects>", 1, 0, 0)], counts
print("ok")
