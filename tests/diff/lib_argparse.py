"""argparse: kinds of arguments, help, errors, subcommands."""
import argparse
import datetime as dt
import io
import sys

# argparse
p = argparse.ArgumentParser(prog="prog", description="Describe it.", epilog="The end.")
p.add_argument("pos", help="a position")
p.add_argument("rest", nargs="*", type=int)
p.add_argument("-v", "--verbose", action="count", default=0)
p.add_argument("--num", type=float, default=1.5, metavar="N", help="number (default %(default)s)")
p.add_argument("--choice", choices=["x", "y"])
p.add_argument("--flag", action="store_true")
p.add_argument("--no-flag", dest="flag", action="store_false")
p.add_argument("-a", action="append")
p.add_argument("--bool", action=argparse.BooleanOptionalAction)
g = p.add_mutually_exclusive_group()
g.add_argument("--one")
g.add_argument("--two")
print(p.parse_args(["p", "1", "2", "-vv", "--num", "3", "--choice=x", "-a1", "-a", "2", "--no-bool", "--flag"]))
print(p.format_help())
print(p.format_usage(), p.parse_known_args(["p", "--unknown"]))
for argv in ([], ["p", "x"], ["p", "--num", "z"], ["p", "--choice", "q"], ["p", "--one", "1", "--two", "2"], ["p", "--nope"], ["p", "--num"]):
    err_out, sys.stderr = sys.stderr, io.StringIO()
    try:
        p.parse_args(argv)
    except SystemExit as e:
        print(argv, e.code, sys.stderr.getvalue().splitlines()[-1])
    finally:
        sys.stderr = err_out
s = argparse.ArgumentParser(prog="s")
sp = s.add_subparsers(dest="cmd", required=True)
sp.add_parser("go", help="goes").add_argument("--x", type=int)
print(s.parse_args(["go", "--x", "5"]), s.format_help())
