"""Closures: free variables read and rebound, nested scopes, lambdas, decorators, partials."""
from functools import partial, wraps


def counter(start):
    count = start

    def step(by=1):
        nonlocal count
        count += by
        return count

    return step


def compose(*functions):
    def run(value):
        for function in functions:
            value = function(value)
        return value

    return run


def traced(function):
    calls = 0

    @wraps(function)
    def wrapper(*args, **kwargs):
        nonlocal calls
        calls += 1
        wrapper.calls = calls
        return function(*args, **kwargs)

    return wrapper


@traced
def mix(a, b=2):
    return (a * 31 + b) & 0xFFFF


def adder(n):
    return lambda x: x + n


def main():
    step = counter(10)
    total = 0
    for i in range(400_000):
        total += step()
    pipeline = compose(adder(1), adder(2), lambda v: v & 1023, partial(max, 5))
    for i in range(120_000):
        total += pipeline(i)
    for i in range(150_000):
        total += mix(i, b=3)
    made = [adder(i) for i in range(100_000)]
    total += sum(f(1) for f in made)
    return total, mix.calls


print(main())
