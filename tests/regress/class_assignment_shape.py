# An instance with a __dict__ that was given another class kept the dict shape of its first class: caches
# then found the first one's attributes, and the shape was used after that class had died.
import gc


class A:
    @property
    def x(self):
        return "A"


class B:
    @property
    def x(self):
        return "B"


def get(o):
    return o.x


o = A()
o.__dict__
o.__class__ = B
p = A()
p.__dict__
for i in range(300):
    get(o)
assert (get(o), get(p)) == ("B", "A"), (get(o), get(p))
for i in range(300):
    assert (get(p), get(o)) == ("A", "B")


def instance_of_mortal_class():
    class Mortal:
        pass

    return Mortal()


class Heir:
    pass


o = instance_of_mortal_class()
o.y = 1
o.__class__ = Heir
gc.collect()
classes = [type(f"C{i}", (), {}) for i in range(50)]
others = [c() for c in classes]
for one in others:
    one.__dict__
o.z = 2
assert (o.__dict__, o.y) == ({"y": 1, "z": 2}, 1)
o.__class__ = classes[3]
assert o.__dict__ == {"y": 1, "z": 2} and type(o) is classes[3]
print("ok")
