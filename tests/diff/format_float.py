"""The format mini-language for floats."""


fspecs = ["", "5", "10", "<10", "^10", "=10", "010", "+", " ", "e", ".0e", ".3E", "f", ".0f", ".10f", "F", "g", ".3g", "G", "#g", "#.3g", "n", "%", ".2%", ",", ",.2f", "_", "_.1f", "z", "z.0f", "+z.1f", "s", "d", "x", "r", ".", ".5", "20.5", "<20.5e", "*>12.3f", "012,.1f", "z.2g"]
for value in (0.0, -0.0, 1.0, 1.5, -2.675, 1e100, 1e-7, 123456.789, 1e16, float("inf"), float("-inf"), float("nan"), 0.1 + 0.2, 5e-324, 99999.5):
    for spec in fspecs:
        try:
            print(value, spec, repr(format(value, spec)))
        except Exception as e:
            print(value, spec, type(e).__name__, e)
