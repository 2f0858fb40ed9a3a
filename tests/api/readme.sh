#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# The examples of README.md and of pixfer.h compile and run as they stand.
. "$(dirname "$0")/common.sh"

cd "$source_dir"
awk '/^```c$/ { inside = 1; next } /^```/ { inside = 0 } inside' README.md >"$work/program.c"
[ -s "$work/program.c" ] || die "README.md has no C example"

echo "# README's build in one line, of README's program"
line=$(tr '\n' ' ' <README.md | grep -o '`cc [^`]*src/[^`]*`' | tr -d '`')
[ "$(printf '%s\n' "$line" | wc -l)" = 1 ] && [ -n "$line" ] || die "README.md has not one line that builds, but: $line"
ln -s "$source_dir/include" "$source_dir/src" "$work/"
(cd "$work" && eval "${line/#cc/$CC}" && ./a.out)

echo "# objects of a plain 'cc -c' have names of their own"
twice=$(for file in src/*/*.c src/*/*/*.c; do basename "$file"; done | sort | uniq -d)
[ -z "$twice" ] || die "src has more than one $twice"
deeper=$(find src -mindepth 4 -name '*.c')
[ -z "$deeper" ] || die "the line does not reach $deeper"

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

echo "# the example of pixfer.h"
$CC -O2 -Wall -Werror -Iinclude -o "$work/header" "$work/header.c" "$build_dir/src/libpixfer.a" -lpthread -lm
"$work/header"
