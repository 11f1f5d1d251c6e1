"""The format mini-language for complex numbers and text."""


for value in (1 + 2j, -0.5j, 1e20 - 1e-5j, complex("nan+infj")):
    for spec in ["", ".2f", "20", "<20.1f", "+.1e", "g", "n", ",", "05", "=10", "%", "d", "z.1f"]:
        try:
            print(value, spec, repr(format(value, spec)))
        except Exception as e:
            print(value, spec, type(e).__name__, e)
for value in ("", "abc", "äöü€", "𝄞x"):
    for spec in ["", "5", "<6", ">6", "^6", "*^7", ".2", "6.2", "s", "10s", "é<6", "05", "=6", "d", ",", "+", "#", "-5", ".-1", "^", "\0<5"]:
        try:
            print(value, repr(spec), repr(format(value, spec)))
        except Exception as e:
            print(value, repr(spec), type(e).__name__, e)
for fill in "x€":
    try:
        print(len(format(1j, fill + ">99999999999999")))
    except MemoryError:
        print("no memory")
