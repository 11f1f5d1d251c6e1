"""gila -m gil: see the lock."""
import sys

from . import commandline

sys.exit(commandline.main(sys.argv[1:]))
