"""Generators, yield from, send, throw, close, async."""
def gen(n):
    try:
        for i in range(n):
            got = yield i
            if got: yield got
    finally:
        gen.closed += 1
gen.closed = 0
assert list(gen(5)) == [0, 1, 2, 3, 4]
g = gen(3)
assert next(g) == 0 and g.send("x") == "x" and next(g) == 1
g.close()
g = gen(3)
next(g)
try:
    g.throw(KeyError("k"))
except KeyError:
    pass
del g
g = gen(3)
next(g)
del g
assert gen.closed == 4, gen.closed
def outer():
    r = yield from inner()
    return r
def inner():
    yield 1
    return "r"
g = outer()
next(g)
try:
    next(g)
except StopIteration as e:
    assert e.value == "r"
async def agen():
    for i in range(3):
        yield i
async def main():
    return [i async for i in agen()]
try:
    main().send(None)
except StopIteration as e:
    assert e.value == [0, 1, 2]
assert sum(x * y for x in range(10) for y in range(x)) == sum(x * y for x in range(10) for y in range(x))
