#!/bin/bash
# Configures build/KIND (opt, dev, asan, tsan or count), or again when a C file was added or removed.
set -eu
cd "$(dirname "$0")/.."
kind=$1
dir=build/$kind
case $kind in
  opt) options=(-Doptimization=2 -Ddebug=false -Db_ndebug=true) ;;
  dev) options=(-Doptimization=1 -Ddebug=true) ;;
  # memcpy(p, NULL, 0) is no fault: C2y defines it, and the optimised build is told so.
  asan) options=(-Doptimization=1 -Ddebug=true -Db_sanitize=address,undefined -Db_lundef=false
                 -Dc_args=-fno-sanitize=nonnull-attribute -Dhostile=true) ;;
  count) options=(-Doptimization=2 -Ddebug=false -Db_ndebug=true -Dcount=true) ;;
  tsan) options=(-Doptimization=1 -Ddebug=true -Db_sanitize=thread -Db_lundef=false) ;;
  *) echo "configure.sh: unknown build: $kind" >&2; exit 2 ;;
esac
mkdir -p "$dir"
/usr/bin/python3 tools/sources.py >"$dir/.sources.new"
if [ ! -f "$dir/build.ninja" ]; then
  PATH=/usr/bin:/bin:$PATH meson setup "$dir" "${options[@]}" >"$dir/configure.log" 2>&1 ||
    { cat "$dir/configure.log" >&2; exit 1; }
elif ! cmp -s "$dir/.sources" "$dir/.sources.new"; then
  PATH=/usr/bin:/bin:$PATH meson setup --reconfigure "$dir" "${options[@]}" >"$dir/configure.log" 2>&1 ||
    { cat "$dir/configure.log" >&2; exit 1; }
fi
mv "$dir/.sources.new" "$dir/.sources"
