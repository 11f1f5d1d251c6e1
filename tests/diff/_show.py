"""Helpers of the programs in this folder."""


def err(function, *args, **kwargs):
    """Calls the function and prints the exception that comes, or the value if none does."""
    try:
        value = function(*args, **kwargs)
    except BaseException as error:
        print(type(error).__name__ + ":", error)
    else:
        print("value:", repr(value))


def run(source, **names):
    """Executes source text and prints the exception that comes; returns its namespace."""
    try:
        exec(source, names)
    except BaseException as error:
        print(type(error).__name__ + ":", error)
    return names


def syntax(source, mode="exec"):
    """Compiles source text and prints what is wrong with it: message, line, columns, text."""
    try:
        compile(source, "<test>", mode)
    except SyntaxError as e:
        print(f"{type(e).__name__}: {e.msg} | {e.lineno}:{e.offset}-{e.end_lineno}:{e.end_offset} | {e.text!r}")
    except (ValueError, OverflowError, MemoryError, RecursionError) as e:
        print(f"{type(e).__name__}: {e}")
    else:
        print("compiles:", repr(source)[:60])


def show(*values):
    """Prints each value on a line of its own, so that a difference is easy to see."""
    for value in values:
        print(value)
