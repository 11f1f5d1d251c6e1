"""Threads that register classes with an ABC and ask it: no registration is lost, no answer is wrong for good."""
import abc
import threading


class Base(abc.ABC):
    pass


def rounds(number):
    for i in range(60):
        mine = [type(f"C{number}_{i}_{k}", (), {}) for k in range(3)]
        assert not any(issubclass(c, Base) or isinstance(c(), Base) for c in mine)
        Base.register(mine[0])
        assert isinstance(mine[0](), Base) and issubclass(mine[0], Base)
        assert not isinstance(mine[1](), Base)
        kept.append(mine[0])
        if i % 20 == 0:
            abc._get_dump(Base)


kept, errors = [], []


def work(number):
    try:
        rounds(number)
    except BaseException as e:
        errors.append(e)
        raise


for _ in range(3):
    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
assert not errors
assert all(issubclass(c, Base) for c in kept)

# The first registrations of many classes at once.
for _ in range(40):
    class Fresh(abc.ABC):
        pass
    barrier = threading.Barrier(3)
    firsts = [type("F", (), {}) for _ in range(3)]

    def register(c):
        barrier.wait()
        Fresh.register(c)
    threads = [threading.Thread(target=register, args=(c,)) for c in firsts]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert all(isinstance(c(), Fresh) for c in firsts)
