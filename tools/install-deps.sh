#!/bin/bash
# Installs what the build or the tests need and Debian has: install-deps.sh build|test
# As root with apt-get, otherwise with sudo; without either it names the packages and stops.
set -u
build=(gcc libc6-dev meson ninja-build pkg-config python3 libgmp-dev zlib1g-dev libssl-dev libedit-dev libbz2-dev liblzma-dev
       libexpat1-dev uuid-dev libffi-dev libpython3.11-stdlib)
tests=(python3.11 libpython3.11-testsuite binutils spin g++
       python3-pip python3-pygments python3-docutils python3-jinja2 python3-markdown python3-yaml python3-sympy
       python3-networkx python3-pytest python3-click python3-rich)
want=("${build[@]}")
[ "${1:-build}" = test ] && want+=("${tests[@]}")

missing=()
have=" $(dpkg-query -W -f='${db:Status-Abbrev}${Package} ' "${want[@]}" 2>/dev/null | tr -s ' ') "
for package in "${want[@]}"; do
  case $have in *"ii $package "*) ;; *) missing+=("$package") ;; esac
done
[ ${#missing[@]} -eq 0 ] && exit 0
echo "Missing Debian packages: ${missing[*]}"
if [ "$(id -u)" = 0 ]; then
  as=()
elif command -v sudo >/dev/null 2>&1 && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
  as=(sudo)
else
  echo "They need root to install. Run: apt-get install ${missing[*]}" >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
get=("${as[@]}" apt-get -q -y -o Dpkg::Use-Pty=0 --no-install-recommends install)
"${get[@]}" "${missing[@]}" || { "${as[@]}" apt-get -q update && "${get[@]}" "${missing[@]}"; }
