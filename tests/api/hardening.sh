#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# Tool and shared libraries are linked read-only and at once, and call the checked functions of libc.
. "$(dirname "$0")/common.sh"

command -v readelf >/dev/null || { echo "no readelf"; exit 77; }
state=$("$CMAKE" "$build_dir" | sed -n 's/^-- pixfer: hardening //p')
case $state in
    on) ;;
    off*) echo "hardening $state"; exit 77 ;;
    *) die "the summary of $build_dir does not tell of hardening" ;;
esac
for file in src/libpixfer.so src/exporter/libpixfer-exporter.so tools/pixfer/pixfer; do
    [ -f "$build_dir/$file" ] || continue
    readelf -lW "$build_dir/$file" | grep -q GNU_RELRO || die "$file has no GNU_RELRO"
    readelf -dW "$build_dir/$file" | grep -qE 'BIND_NOW|FLAGS_1.*NOW' || die "$file binds lazily"
    ! readelf -lW "$build_dir/$file" | grep -q 'GNU_STACK.*RWE' || die "$file has an executable stack"
    readelf -sW "$build_dir/$file" >"$work/symbols"
    grep -q '__stack_chk_fail' "$work/symbols" || die "$file has no stack protector"
    grep -qE '__[a-z]+_chk@' "$work/symbols" || die "$file calls no checked function"
    checked=yes
done
[ ! -f "$build_dir/tools/pixfer/pixfer" ] || readelf -hW "$build_dir/tools/pixfer/pixfer" | grep -q 'DYN' || die "the tool is no PIE"
[ -n "${checked:-}" ] || { echo "nothing to look at"; exit 77; }
