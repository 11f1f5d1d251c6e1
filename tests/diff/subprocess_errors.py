"""What a child that could not start says: errors before exec name the directory, those of exec the program."""
import subprocess

for options in ({"process_group": 2**30}, {"cwd": "/nonexistent"}, {"executable": "/nonexistent"}, {"umask": 0o22}):
    try:
        print(options, subprocess.run(["true"], **options).returncode)
    except OSError as e:
        print(options, type(e).__name__, e, e.filename)
