#!/bin/sh
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# Checks the core, with the VideoToolbox backend, as clang for arm64 macOS reads it, against the double's declarations: what differs
# between platforms in types, formats and instruction sets shows here. usage: cross-compile.sh SOURCE-ROOT
set -u
cd "$1" || exit 1
double=tests/doubles/apple

clang=$(command -v clang || ls /usr/bin/clang-[0-9]* 2>/dev/null | tail -n 1)
if [ -z "$clang" ] || ! echo 'int x;' | "$clang" --target=arm64-apple-macos12 -fsyntax-only -x c - 2>/dev/null; then
    echo "no clang that knows arm64-apple-macos12"
    exit 77
fi

# With the backend, and without it: then what videotoolbox.h declares is still there.
status=0
for source in src/*/*.c src/*/*/*.c; do
    case $source in
        src/exporter/* | src/backends/swscale/swscale_backend.c) continue ;; # they need libav*, see the workflow's macOS job
    esac
    for with in 1 0; do
        "$clang" --target=arm64-apple-macos12 -std=gnu11 -ffreestanding -nostdlibinc -fsyntax-only -Wall -Wextra -Wshadow -Wundef \
            -Wstrict-prototypes -Wmissing-prototypes -Werror -DPIXFER_WITH_VIDEOTOOLBOX=$with -isystem $double/libc \
            -isystem $double/include -Iinclude "$source" || status=1
    done
done
exit $status
