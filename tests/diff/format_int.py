"""The format mini-language for integers."""


specs = ["", "d", "5", "<5", ">5", "^5", "=5", "*^9", "05", "+", "-", " ", "+5d", "x", "X", "#x", "#X", "o", "#o", "b", "#b", "#010x", "c", "n", ",", "_", "_x", "_b", ",d",
         "e", "E", ".2e", "f", ".3f", "F", "g", "G", "%", ".1%", "10.2f", "<10.2f", "010.2f", "+.1f", "#.0f", "z.1f", "é>5", "=+8", "0=8", "s", ".2", ",b", ",x", "5.", "ll", "#", "#d", "+s", "0>5d", "é^7"]
for value in (0, 42, -7, 123456789, True, 10 ** 30):
    for spec in specs:
        try:
            print(value, spec, repr(format(value, spec)))
        except Exception as e:
            print(value, spec, type(e).__name__, e)
