#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# The examples of README.md and of pixfer.h compile and run as they stand.
. "$(dirname "$0")/common.sh"

cd "$source_dir"
awk '/^```c$/ { inside = 1; next } /^```/ { inside = 0 } inside' README.md >"$work/readme.c"
[ -s "$work/readme.c" ] || die "README.md has no C example"

awk '/^ \*     / { print substr($0, 3) }' include/pixfer/pixfer.h >"$work/lines"
[ -s "$work/lines" ] || die "pixfer.h has no example"
{
    echo '#include <stdio.h>'
    grep '#include' "$work/lines"
    echo 'static unsigned char rgba[3840 * 2160 * 4], y[3840 * 2160], uv[3840 * 1080];'
    echo 'int main(void) {'
    grep -v '#include' "$work/lines"
    echo 'return result != PIXFER_OK; }'
} >"$work/header.c"

for program in readme header; do
    $CC -O2 -Wall -Werror -Iinclude -o "$work/$program" "$work/$program.c" "$build_dir/src/libpixfer.a" -lpthread
    "$work/$program"
done
