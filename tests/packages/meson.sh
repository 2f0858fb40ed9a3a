#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# SOURCE: the archive for meson, as a subproject through its wrap and by itself, prints the reference frame's sum.
set -euo pipefail
export LC_ALL=C
source_dir=$1
command -v meson >/dev/null && command -v ninja >/dev/null || { echo "there is no meson, or no ninja"; exit 77; }
work=$(mktemp -d "${TMPDIR:-/tmp}/pixfer-meson.XXXXXX")
trap 'rm -rf "$work"' EXIT
die() { printf '%s\n' "$*" >&2; exit 1; }
quietly() { "$@" >"$work/log" 2>&1 || { cat "$work/log"; die "$*"; }; }
unset PKG_CONFIG_PATH
expected=$("$source_dir/tests/api/reference.sh" --sum "$source_dir")

"$source_dir/scripts/amalgamate" --archive "$work/first"
"$source_dir/scripts/amalgamate" --archive "$work/second"
cmp "$work"/first/*.tar.gz "$work"/second/*.tar.gz || die "the same sources give different archives"

mkdir -p "$work/program/subprojects/packagefiles"
cp "$work"/first/*.tar.gz "$work/program/subprojects/packagefiles/"
cp "$work/first/pixfer.wrap" "$work/program/subprojects/"
cp "$source_dir/tests/api/reference.c" "$work/program/"
cat >"$work/program/meson.build" <<'M'
project('program', 'c', default_options: ['warning_level=2', 'werror=true'])
executable('program', 'reference.c', dependencies: dependency('pixfer', version: '>=0.2'))
shared_module('plugin', 'reference.c', dependencies: dependency('pixfer'), gnu_symbol_visibility: 'hidden')
M
quietly meson setup --wrap-mode=forcefallback "$work/build" "$work/program"
quietly meson compile -C "$work/build"
found=$("$work/build/program" | md5sum | cut -d' ' -f1)
[ "$found" = "$expected" ] || die "as a subproject: the sum is $found, expected $expected"
shown=$(nm -D --defined-only "$work"/build/libplugin.so | grep pixfer || true)
[ -z "$shown" ] || die "a plugin shows $shown"

# By itself, shared: installed, and found by pkg-config.
mkdir "$work/alone"
tar -xzf "$work"/first/*.tar.gz -C "$work/alone"
quietly meson setup -Ddefault_library=shared --prefix="$work/prefix" --libdir=lib "$work/own" "$work"/alone/*
quietly meson install -C "$work/own"
cc -O2 "$source_dir/tests/api/reference.c" -o "$work/linked" $(PKG_CONFIG_PATH=$work/prefix/lib/pkgconfig pkg-config --cflags --libs pixfer) \
    -Wl,-rpath,"$work/prefix/lib"
found=$("$work/linked" | md5sum | cut -d' ' -f1)
[ "$found" = "$expected" ] || die "installed by meson: the sum is $found, expected $expected"
