#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# The archive, unpacked into a folder with blanks and other letters than English has: the tool runs there, and programs link the library,
# the DLLs by their import libraries and the static ones, with nothing but what is in it.

. "$(dirname "$0")/common.sh"
"$source/scripts/windows" zip >/dev/null
mkdir 'Neuer Ordner äö'
cd 'Neuer Ordner äö'
unzip -q "$source/build/pixfer-windows-x64.zip"
cd pixfer-windows-x64
run() { "$source/scripts/windows" wine "$@"; }
[ "$(run bin/pixfer.exe --version | tr -d '\r')" = "$("$native" --version)" ] || fail "the tool's version"
head -c $((64 * 64 * 4 * 10)) /dev/urandom >in.rgba
"$native" export in.rgba --size 64x64 --format rgba --fps 30 -q -o here.mp4
run bin/pixfer.exe export in.rgba --size 64x64 --format rgba --fps 30 -q -o there.mp4 || fail "export"
same here.mp4 there.mp4
run bin/pixfer.exe bench --help >/dev/null || fail "pixfer bench"
run bin/pixfer.exe selftest --only kernels >selftest.txt 2>&1 || { fail "selftest"; tail -n 5 selftest.txt; }

gcc=/usr/lib/gcc/x86_64-w64-mingw32
flags=(--target=x86_64-w64-mingw32 -B"$(ls -d $gcc/*-win32 | tail -n 1)" -L"$(ls -d $gcc/*-win32 | tail -n 1)" -Iinclude)
clang "${flags[@]}" -DPIXFER_SHARED "$source/examples/export_mp4.c" -o bin/shared.exe -Llib -lpixfer-exporter -lpixfer || fail "linking the DLL"
run bin/shared.exe shared.mp4 >/dev/null || fail "a program that uses the DLLs"
[ "$(frames_of shared.mp4)" -gt 0 ] || fail "shared.mp4 has no frames"
clang "${flags[@]}" "$source/examples/convert_buffer.c" -o bin/static.exe lib/libpixfer_static.a || fail "linking the static library"
run bin/static.exe >/dev/null || fail "a program that holds the library"
for file in lib/pixfer.lib lib/pixfer-exporter.lib lib/libpixfer.dll.a include/pixfer/exporter.h licenses/GPL-2.txt README.txt; do
    [ -s $file ] || fail "the archive has no $file"
done
# Nothing but what every Windows has.
for file in bin/pixfer.exe bin/pixfer.dll bin/pixfer-exporter.dll; do
    x86_64-w64-mingw32-objdump -p $file | sed -n 's/.*DLL Name: //p' | grep -iE 'libgcc|winpthread|zlib|libx264|avcodec' && fail "$file needs that"
done
finish
