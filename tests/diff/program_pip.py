# pip as Debian packages it: its version and the list of what is installed.
# time: 60
# asan: no (a large program; the parts of it are tested by themselves)
from pip._internal.cli.main import main

for arguments in ["--version"], ["list", "--disable-pip-version-check"], ["list", "--format=json"], ["show", "pytest"]:
    try:
        print(arguments, main(arguments), flush=True)
    except SystemExit as end:
        print(arguments, end.code, flush=True)
