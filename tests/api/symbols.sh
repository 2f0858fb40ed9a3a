#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# The shared libraries show what symbols/ lists and nothing else: see doc/api-stability.md.
. "$(dirname "$0")/common.sh"
export LC_ALL=C

failed=
vulkan=on # vulkan.h and exporter_vulkan.h are there where their headers were
grep -q '^PIXFER_HAS_VULKAN_HEADERS:[^=]*=1' "$build_dir/CMakeCache.txt" && ! grep -qiE '^PIXFER_VULKAN:[^=]*=(OFF|NO|FALSE|N|0)$' "$build_dir/CMakeCache.txt" ||
    vulkan=off
for library in src/libpixfer src/exporter/libpixfer-exporter; do
    list=$work/list
    { if [ "$vulkan" = on ]; then cat; else grep -v vulkan; fi; } <"$source_dir/tests/api/symbols/$(basename $library).txt" >"$list"
    [ -f "$build_dir/$library.so" ] || { echo "$library.so is not built"; continue; }
    nm -D --defined-only "$build_dir/$library.so" | awk 'NF == 3 { print $3 }' | sort >"$work/shown"
    comm -13 "$list" "$work/shown" | sed "s|^|$(basename $library) shows, and its list lacks: |" | tee "$work/new"
    comm -23 "$list" "$work/shown" | sed "s|^|$(basename $library) lacks, and its list has: |" | tee "$work/gone"
    [ ! -s "$work/new" ] && [ ! -s "$work/gone" ] || failed=yes
    compared=yes
done
[ -n "${compared:-}" ] || exit 77
[ -z "$failed" ] || die "the interface changed: see doc/api-stability.md, then tests/api/symbols/"
