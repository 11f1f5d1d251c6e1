"""Abstract classes, hooks of subclass checks, __mro_entries__, __class_getitem__."""
from _show import err, run

class Empty:
    pass


from abc import ABC, ABCMeta, abstractmethod


class Shape(ABC):
    @abstractmethod
    def area(self):
        ...

    @property
    @abstractmethod
    def name(self):
        ...


class Half(Shape):
    def area(self):
        return 1


class Whole(Half):
    name = "whole"


err(Shape)
err(Half)
print(Whole().area(), Shape.__abstractmethods__ == {"area", "name"})
Shape.register(int)
print(isinstance(5, Shape), issubclass(bool, Shape), issubclass(str, Shape))


class Hooked(metaclass=ABCMeta):
    @classmethod
    def __subclasshook__(cls, other):
        return hasattr(other, "quack") or NotImplemented


class Duck:
    quack = 1


print(isinstance(Duck(), Hooked), isinstance(5, Hooked))
print(object().__eq__(1), object().__lt__(2), object.__init__.__qualname__, object().__reduce_ex__(2)[0].__name__)
print(object().__format__(""), end="\n") if False else None
err(format, object(), "x")


class Entries:
    def __mro_entries__(self, bases):
        print("mro_entries", len(bases))
        return (dict,)


class FromEntries(Entries()):
    pass


print(FromEntries.__bases__, FromEntries.__orig_bases__[0].__class__.__name__)


class Item:
    def __class_getitem__(cls, k):
        return f"{cls.__name__}[{k}]"


print(Item[int, 5])
err(lambda: Empty[int])
err(lambda: int[str])
