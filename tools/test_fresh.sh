#!/bin/bash
# Proves both commands from nothing: makes a bare Debian 12 with debootstrap, copies a clean clone of
# the committed tree into it, and runs `make run` and `make test` there.
#
# usage: test_fresh.sh [run|test|all]     needs root (chroot) and the package debootstrap
# The mirror is the one that this machine's apt uses. Set KEEP=1 to keep the folder afterwards.
set -eu
cd "$(dirname "$0")/.."
what=${1:-all}
[ "$(id -u)" = 0 ] || { echo "test_fresh.sh: needs root to make a Debian and chroot into it" >&2; exit 1; }
command -v debootstrap >/dev/null || { apt-get -q -y install debootstrap; }

# The base folder of Debian's own archive among apt's sources, asked at run time and kept nowhere.
mirror=$(apt-get indextargets --format '$(SITE) $(RELEASE) $(CREATED_BY)' 2>/dev/null |
  awk '$2 == "bookworm" && $1 ~ /debian/ && $1 !~ /security/ {print $1; exit}')
[ -n "$mirror" ] || { echo "test_fresh.sh: apt knows no Debian bookworm archive on this machine" >&2; exit 1; }
root=$(mktemp -d "${TMPDIR:-/var/tmp}/gila-fresh.XXXXXX")
mounted=()
cleanup() {
  for point in "${mounted[@]}"; do umount -l "$point" 2>/dev/null || true; done
  [ -n "${KEEP:-}" ] && { echo "kept: $root"; return; }
  mountpoint -q "$root/proc" || rm -rf --one-file-system "$root"
}
trap cleanup EXIT

echo "== a bare Debian 12"
debootstrap --variant=minbase --include=ca-certificates,make,git bookworm "$root" "$mirror" >"$root.log" 2>&1 ||
  { tail -20 "$root.log"; rm -f "$root.log"; exit 1; }
rm -f "$root.log"
# The same ways to the archive as on this machine.
cp -a /etc/apt/apt.conf.d/. "$root/etc/apt/apt.conf.d/" 2>/dev/null || true
if [ -f /etc/apt/apt.conf ]; then cp /etc/apt/apt.conf "$root/etc/apt/"; fi
rm -f "$root"/etc/apt/sources.list.d/*
for file in /etc/apt/sources.list /etc/apt/sources.list.d/debian*; do
  [ -f "$file" ] && cp "$file" "$root${file%/*}/"
done
cp -r /usr/share/keyrings/. "$root/usr/share/keyrings/" 2>/dev/null || true
cp /etc/resolv.conf "$root/etc/resolv.conf"
cp /etc/hosts "$root/etc/hosts"
cp -r /usr/local/share/ca-certificates/. "$root/usr/local/share/ca-certificates/" 2>/dev/null || true
chroot "$root" update-ca-certificates >/dev/null 2>&1 || true
for name in proc sys dev dev/pts dev/shm; do
  [ -d "/$name" ] || continue
  mkdir -p "$root/$name"
  if mount --bind "/$name" "$root/$name" 2>/dev/null; then mounted=("$root/$name" "${mounted[@]}"); fi
done
git clone -q --no-hardlinks . "$root/root/gila"

inside() {
  echo "== $1"
  env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
    ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
    chroot "$root" /bin/sh -c "apt-get -q update >/dev/null && cd /root/gila && $1"
}
case $what in run | all) inside "make run" ;; esac
case $what in test | all) inside "make test" ;; esac
echo "== both commands work in a bare Debian 12"
