#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# pixfer.c and pixfer.h alone compile with every compiler that is here, without a warning, and convert to the library's very bytes; in
# static mode a shared library that holds them shows nothing of them.
. "$(dirname "$0")/common.sh"

case $(sed -n 's/^PIXFER_SANITIZE:[^=]*=//p' "$build_dir/CMakeCache.txt") in
    ?*) echo "a library with sanitizers needs them in every program"; exit 77 ;;
esac
"$source_dir/scripts/amalgamate" "$work/one"
cat >"$work/frame.c" <<'C'
#include <stdio.h>
#include <string.h>
#include PIXFER_HEADER
static unsigned char rgba[131 * 67 * 4], out[131 * 67 * 4];
int main(void)
{
    static const enum pixfer_format to[] = {PIXFER_FORMAT_NV12, PIXFER_FORMAT_YV12, PIXFER_FORMAT_P010, PIXFER_FORMAT_I444};
    for (size_t i = 0; i < sizeof(rgba); i++)
        rgba[i] = (unsigned char)(i * 2654435761u >> 13);
    for (const char *const *cpu = pixfer_cpu_names(); *cpu; cpu++)
        for (size_t i = 0; i < sizeof(to) / sizeof(*to); i++) {
            struct pixfer_image src, dst;
            struct pixfer_converter *c;
            unsigned long long hash = 5381;
            size_t size = pixfer_image_layout(&dst, to[i], 131, 67, out, 2);
            memset(out, 0, sizeof(out)); /* rows of odd length leave a byte */
            pixfer_image_layout(&src, PIXFER_FORMAT_RGBA, 131, 67, rgba, 1);
            if (pixfer_converter_open(&c, &PIXFER_CONVERTER_PARAMS(.src_format = PIXFER_FORMAT_RGBA, .dst_format = to[i],
                                                                   .width = 131, .height = 67, .cpu = *cpu)) ||
                pixfer_convert(c, &src, &dst))
                return 1;
            pixfer_converter_close(&c);
            for (size_t at = 0; at < size; at++)
                hash = hash * 33 ^ out[at];
            printf("%s %llx\n", pixfer_format_name(to[i]), hash);
        }
    return 0;
}
C

# The file of the library, then of each compiler: the same lines, as often as there are instruction sets.
$CC -O2 -I"$source_dir/include" '-DPIXFER_HEADER=<pixfer/pixfer.h>' -o "$work/library" "$work/frame.c" \
    "$build_dir/src/libpixfer.a" -lpthread -lm
"$work/library" | sort -u >"$work/expected"
[ "$(wc -l <"$work/expected")" = 4 ] || die "the library's own kernels differ"

build() { # build COMPILER PROGRAM-SUFFIX
    "$1" -O2 -Wall -Wextra -Wundef -Werror -c "$work/one/pixfer.c" -o "$work/one.o"
    "$1" -O2 -I"$work/one" '-DPIXFER_HEADER="pixfer.h"' -o "$work/program$2" "$work/frame.c" "$work/one.o" $3
}
for compiler in gcc clang aarch64-linux-gnu-gcc x86_64-w64-mingw32-gcc; do
    command -v $compiler >/dev/null || { echo "# no $compiler"; continue; }
    case $compiler in
        aarch64*) command -v qemu-aarch64 >/dev/null || { echo "# no qemu-aarch64"; continue; }
            build $compiler .arm "-lpthread -lm -static"; run="qemu-aarch64 $work/program.arm" ;;
        *mingw*) build $compiler .exe ""; echo "# $compiler: compiles"; continue ;;
        *) build $compiler "" "-lpthread -lm"; run=$work/program ;;
    esac
    $run | sort -u >"$work/found"
    cmp "$work/expected" "$work/found" || die "$compiler: another frame than the library's"
    echo "# $compiler: the library's frames"
done

if [ "$(uname -s)" = Linux ]; then
    $CC -O2 -DPIXFER_STATIC -fvisibility=hidden -fPIC -shared "$work/one/pixfer.c" -lpthread -lm -o "$work/hidden.so"
    shown=$(nm -D --defined-only "$work/hidden.so" | grep pixfer || true)
    [ -z "$shown" ] || die "with PIXFER_STATIC a shared library shows $shown"
    $CC -O2 -fvisibility=hidden -fPIC -shared "$work/one/pixfer.c" -lpthread -lm -o "$work/shown.so"
    nm -D --defined-only "$work/shown.so" | grep -q pixfer_convert || die "without PIXFER_STATIC nothing is shown either"
fi
