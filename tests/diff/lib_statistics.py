"""statistics: the inverse cumulative function over its whole range, and what builds on it."""
import _statistics
import statistics

for p in (1e-300, 1e-20, 1e-12, 1e-6, 0.001, 0.02425, 0.07, 0.0749999, 0.075, 0.0750001, 0.3, 0.5, 0.7, 0.925, 0.95, 0.999, 1 - 1e-9, 1 - 1e-16):
    print(p, _statistics._normal_dist_inv_cdf(p, 0.0, 1.0), _statistics._normal_dist_inv_cdf(p, 100, 15))
d = statistics.NormalDist(100, 15)
print(d.inv_cdf(0.99), d.quantiles(7), d.samples(3, seed=5), statistics.NormalDist.from_samples([1, 2, 3.5, 8]))
for a in ((), (0.5,), ("a", 1, 2), (0.5, 1, 2, 3)):
    try:
        print(_statistics._normal_dist_inv_cdf(*a))
    except TypeError as e:
        print(e)
