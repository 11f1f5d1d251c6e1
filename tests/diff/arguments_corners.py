"""Binding arguments: code that runs meanwhile, many missing ones, positional-only ones by name."""


def f(*, b=1):
    return b


class Key(str):
    def __hash__(self):
        return hash('b')

    def __eq__(self, other):
        change()
        return False


def replace():
    f.__kwdefaults__ = {}


def empty():
    f.__kwdefaults__.clear()


for change in replace, empty:
    f.__kwdefaults__ = {Key('q'): 1, 'b': 7}
    try:
        print(f())
    except TypeError as e:
        print(e)


def g(a, b, /):
    pass


try:
    g(b=1, a=2)
except TypeError as e:
    print(e)
names = ",".join(f"a{i}" for i in range(300))
for parameters in names, "*," + names:
    space = {}
    exec(f"def h({parameters}): pass", space)
    try:
        space['h'](*[] if '*' in parameters else (1, 2), **{'a7': 1})
    except TypeError as e:
        print(e)

count = 0


class Counted:
    def __hash__(self):
        global count
        count += 1
        return 1


try:
    {}[Counted()]
except KeyError:
    print(count)
