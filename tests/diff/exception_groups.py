"""BaseExceptionGroup: construction, split, subgroup, derive, except*."""
import pickle
import copy


def t(f):
    try:
        print(repr(f()))
    except BaseException as e:
        print(type(e).__name__, e)


def tree(e):
    if isinstance(e, BaseExceptionGroup):
        return (type(e).__name__, e.message, [tree(x) for x in e.exceptions])
    return repr(e)


t(lambda: ExceptionGroup())
t(lambda: ExceptionGroup(1, 2))
t(lambda: ExceptionGroup("a", 2))
t(lambda: ExceptionGroup("a", []))
t(lambda: ExceptionGroup("a", [1]))
t(lambda: ExceptionGroup("a", {KeyError()}))
t(lambda: ExceptionGroup("a", [KeyboardInterrupt()]))
t(lambda: ExceptionGroup("a", [KeyError()], x=1))
t(lambda: BaseExceptionGroup("a", [KeyError()]))
t(lambda: BaseExceptionGroup("a", [KeyboardInterrupt()]))


class MyGroup(ExceptionGroup):
    pass


t(lambda: MyGroup("a", [KeyboardInterrupt()]))
g = ExceptionGroup("top", [ValueError(1), ExceptionGroup("in", [KeyError("k"), ValueError(2)]), OSError(3)])
print(g, repr(g), g.args)
print(tree(g))
print([tree(x) for x in g.split(ValueError)])
print([tree(x) for x in g.split((KeyError, OSError))])
print(g.split(TypeError), g.split(ExceptionGroup)[0] is g)
print([tree(x) for x in g.split(lambda e: isinstance(e, KeyError))])
print(tree(g.subgroup(KeyError)), g.subgroup(TypeError))
t(lambda: g.split(1))
t(lambda: g.split((ValueError, 1)))
t(lambda: g.subgroup(int))
t(lambda: g.subgroup(lambda e: 1 / 0))
print(tree(MyGroup("m", [ValueError(1), KeyError(2)]).split(ValueError)[0]))


class Deriving(ExceptionGroup):
    def derive(self, excs):
        return Deriving("derived " + self.message, excs)


d = Deriving("d", [ValueError(1), KeyError(2)])
d.add_note("note")
d.__cause__ = TypeError("cause")
m, r = d.split(ValueError)
print(tree(m), tree(r), m.__notes__, m.__notes__ is d.__notes__, m.__cause__ is d.__cause__, m.__suppress_context__)


class Wrong(ExceptionGroup):
    def derive(self, excs):
        return 5


t(lambda: Wrong("d", [ValueError(1), KeyError(2)]).split(ValueError))
for twin in (copy.copy(g), pickle.loads(pickle.dumps(g))):
    print(tree(twin))
print(ExceptionGroup[int], BaseExceptionGroup.__class_getitem__(str))
t(lambda: setattr(g, "message", 1))


def star(make):
    try:
        try:
            raise make()
        except* ValueError as e:
            print("ValueError", tree(e))
        except* KeyError as e:
            print("KeyError", tree(e))
            raise RuntimeError("from handler")
        except* OSError:
            raise
    except BaseException as e:
        print("left", tree(e), tree(e.__context__), e.__cause__)


star(lambda: g)
star(lambda: ValueError(1))
star(lambda: KeyError(1))
star(lambda: TypeError(1))
star(lambda: ExceptionGroup("x", [TypeError(1), ValueError(2)]))
star(lambda: ExceptionGroup("x", [OSError(1), OSError(2)]))
star(lambda: BaseExceptionGroup("x", [KeyboardInterrupt(), ValueError(2)]))


def bad():
    try:
        raise ValueError(1)
    except* ExceptionGroup:
        pass


t(bad)
deep = ValueError("bottom")
for i in range(200):
    deep = ExceptionGroup(str(i), [deep, KeyError(i)])
n = 0
x = deep.subgroup(ValueError)
while isinstance(x, ExceptionGroup):
    x, n = x.exceptions[0], n + 1
print(n, x)
