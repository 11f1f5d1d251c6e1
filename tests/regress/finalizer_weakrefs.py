"""Nobody meets an object that the collector empties: weak references that finalizers make to garbage die
before anything is taken apart, and their callbacks run afterwards."""
import collections
import functools
import gc
import types
import weakref


class List(list):
    pass


class Dict(dict):
    pass


class Set(set):
    pass


class Node:
    pass


def generator():
    yield 1


refs, found, called = [], [], []


class Looks(int):
    """Cannot be part of a cycle: it dies while the collector takes its garbage apart."""
    __slots__ = ()

    def __del__(self):
        for ref in refs:
            obj = ref()
            if obj is not None:
                found.append(type(obj))
                repr(obj)
        for kind in (List, Dict, Set, Node, types.FunctionType):
            found.extend(type(obj) for obj in gc.get_objects() if type(obj) is kind and hasattr(obj, "part"))
        for sub in Node.__subclasses__():
            found.append(sub)
        known = weakref.ref(alive)
        assert known() is alive


class Keeper:
    def __del__(self):
        for thing in self.things:
            refs.append(weakref.ref(thing))
            refs.append(weakref.ref(thing, lambda ref: called.append(ref())))


def make():
    def function():
        return things

    keeper, lst, dct, st, node = Keeper(), List(), Dict(), Set(), Node()
    deque = collections.deque()
    ordered = collections.OrderedDict()
    gen = generator()
    part = functools.partial(print)
    module = types.ModuleType("m")
    sub = type("Sub", (Node,), {})
    things = [function, lst, dct, st, node, deque, ordered, gen, part, module, sub]
    for thing in (function, lst, dct, st, node, part, module):
        thing.part = True
    lst.append(things)
    dct["things"] = things
    st.add(node)
    node.things = things
    node.looks = [Looks() for _ in range(20)]
    dct["looks"] = [Looks()]
    deque.append(things)
    ordered["a"] = things
    part.things = things
    module.things = things
    sub.things = things
    node.known = weakref.ref(alive)
    keeper.things = things
    keeper.me = keeper
    things.append(gen)


alive = Node()
gc.disable()
for _ in range(3):
    make()
    assert gc.collect() > 0
    assert found == [], found
    assert [r() for r in refs] == [None] * len(refs)
    assert called and set(called) == {None}
    refs.clear()
    called.clear()

# What a finalizer saves keeps its references.
saved = []


class Saves:
    def __del__(self):
        saved.append(self)
        refs.append(weakref.ref(self.thing, called.append))


s = Saves()
s.me, s.thing = s, List()
del s
gc.collect()
assert refs[0]() is saved[0].thing and not called
saved.clear()
gc.collect()
assert refs[0]() is None and called == refs
print("ok")
