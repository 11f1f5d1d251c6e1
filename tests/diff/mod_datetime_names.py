"""_datetime and _zoneinfo: every name, its kind, text signature and doc."""
import _datetime
import _zoneinfo

kinds = {"wrapper_descriptor": "slot", "builtin_function_or_method": "function"}
week = type(_datetime.date(2020, 1, 1).isocalendar())
for module in (_datetime, _zoneinfo):
    print(module.__name__, repr(module.__doc__), sorted(n for n in dir(module) if n[:2] != "__" and n != "datetime_CAPI"))
    types = [t for n, t in sorted(vars(module).items()) if isinstance(t, type) and n[0] != "_"]
    for t in types + [week] * (module is _datetime):
        print("==", t, t.__module__, t.__name__, t.__qualname__, t.__bases__, t.__text_signature__, repr(t.__doc__), t.__flags__ >> 10 & 1)
        for name, value in sorted(vars(t).items()):
            kind = type(value).__name__
            value = getattr(value, "__func__", value)
            if name == "__doc__":
                continue
            shown = "" if kind == "wrapper_descriptor" else repr(value.__doc__)
            print(name, kind, getattr(value, "__text_signature__", None), shown, repr(value) if not callable(value) else "")
    for t in types:
        print(t, t.__hash__ is object.__hash__, t.__init__, t.__new__ is object.__new__, t.__dictoffset__)
