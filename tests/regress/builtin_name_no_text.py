"""_imp.create_builtin names the type of a name that is no str after it looked at it, not after it died."""
import _imp


class Spec:
    @property
    def name(self):
        return type("Fleeting", (), {"__slots__": ()})()


for spec in (Spec(), Spec()):
    try:
        _imp.create_builtin(spec)
    except TypeError as error:
        assert str(error) == "name must be string, not Fleeting", error
    else:
        raise AssertionError
