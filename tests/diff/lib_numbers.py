"""statistics, fractions, decimal."""
import decimal
import fractions
import glob
import locale
import statistics
import zoneinfo
from _show import err, show

show(statistics.mean([1, 2, 4]), statistics.median([3, 1, 2]), statistics.stdev([1, 2, 3]), statistics.mode("aab"), statistics.quantiles([1, 2, 3, 4]), statistics.fmean([1.5, 2]), statistics.linear_regression([1, 2], [3, 5]), statistics.NormalDist(0, 1).cdf(1))
show(fractions.Fraction(3, -6), fractions.Fraction("0.125") + 1, fractions.Fraction(1, 3) ** 2, float(fractions.Fraction(1, 3)), fractions.Fraction(0.5), fractions.Fraction(7, 3).limit_denominator(2), round(fractions.Fraction(7, 2)), fractions.Fraction(1, 2) == 0.5, hash(fractions.Fraction(1, 2)) == hash(0.5), divmod(fractions.Fraction(7, 2), 1))
D = decimal.Decimal
decimal.getcontext().prec = 30
show(D("1.10") + D("2.2"), D(1) / D(3), D("1e5").normalize(), D("-0"), D("NaN"), D(2).sqrt(), D("1.235").quantize(D("0.01")), round(D("2.5")), D(10) ** 20, D("123.456").as_tuple(), f"{D('1234.5'):,.2f}", D(1).exp(), D("Infinity") > 5, D(0.1), hash(D(5)) == hash(5), int(D("7.9")), D("3") % D("-2"), D("3") // 2, D("1.0") == 1)
err(lambda: D(1) / 0)
err(D, "x")
err(lambda: D(1) + 1.5)
print(zoneinfo.ZoneInfo.__name__, locale.getlocale.__name__, sorted(glob.glob("/usr/bin/env*"))[:1])
