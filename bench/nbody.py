"""Planets that pull at each other: float arithmetic on lists of attributes."""


class Body:
    def __init__(self, x, y, z, vx, vy, vz, mass):
        self.x, self.y, self.z = x, y, z
        self.vx, self.vy, self.vz = vx, vy, vz
        self.mass = mass


def system():
    sun = 39.4784176
    year = 365.24
    rows = [
        (0, 0, 0, 0, 0, 0, 1),
        (4.8414, -1.1603, -0.1036, 0.00166, 0.0077, -0.000069, 0.000954),
        (8.3434, 4.1248, -0.4035, -0.002767, 0.004998, 0.000023, 0.000285),
        (12.8943, -15.1111, -0.2233, 0.002964, 0.002378, -0.0000296, 0.0000436),
        (15.3797, -25.9193, 0.1792, 0.00268, 0.001628, -0.000095, 0.0000515),
    ]
    return [Body(x, y, z, vx * year, vy * year, vz * year, m * sun) for x, y, z, vx, vy, vz, m in rows]


def advance(bodies, pairs, dt, steps):
    for _ in range(steps):
        for a, b in pairs:
            dx, dy, dz = a.x - b.x, a.y - b.y, a.z - b.z
            square = dx * dx + dy * dy + dz * dz
            force = dt / (square * square ** 0.5)
            fa, fb = a.mass * force, b.mass * force
            a.vx -= dx * fb
            a.vy -= dy * fb
            a.vz -= dz * fb
            b.vx += dx * fa
            b.vy += dy * fa
            b.vz += dz * fa
        for body in bodies:
            body.x += dt * body.vx
            body.y += dt * body.vy
            body.z += dt * body.vz


def energy(bodies, pairs):
    total = 0.0
    for body in bodies:
        total += body.mass * (body.vx ** 2 + body.vy ** 2 + body.vz ** 2) / 2
    for a, b in pairs:
        total -= a.mass * b.mass / ((a.x - b.x) ** 2 + (a.y - b.y) ** 2 + (a.z - b.z) ** 2) ** 0.5
    return total


def main():
    bodies = system()
    pairs = [(a, b) for i, a in enumerate(bodies) for b in bodies[i + 1:]]
    before = energy(bodies, pairs)
    advance(bodies, pairs, 0.01, 35_000)
    return f"{before:.9f} {energy(bodies, pairs):.9f}"


for _ in range(2):
    result = main()
print(result)
