"""Formatting: f-strings, format specs, the % operator, str.format, conversions of numbers."""


class Money:
    def __init__(self, cents):
        self.cents = cents

    def __format__(self, spec):
        return f"{self.cents // 100}.{self.cents % 100:02d}" + (spec or "EUR")

    def __repr__(self):
        return f"Money({self.cents})"


def main():
    total = 0
    for i in range(70_000):
        total += len(f"{i}: {i * 2:>8} {i / 3:.3f} {i:#x} {'ab'!r:^6}")
        total += len("%d %s %5.2f %-6s|" % (i, i, i * 0.5, "x"))
    for i in range(40_000):
        total += len("{0} {name:>5} {1:08b}".format(i, i & 255, name="n"))
        total += len(f"{Money(i)}{Money(i):USD}{Money(i)!r}")
        total += len(f"{i:,} {i * 1.5e6:e} {i / 7:g} {i % 2 == 0}")
    for i in range(80_000):
        total += int(str(i)) + len(repr(i * 0.1)) + len(hex(i))
        total += int(float(f"{i}.25"))
    return total


print(main())
