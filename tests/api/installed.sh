#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# Installs, moves what was installed, and uses it through pkg-config and find_package, shared and static, from C and C++.
. "$(dirname "$0")/common.sh"

case $(sed -n 's/^PIXFER_SANITIZE:[^=]*=//p' "$build_dir/CMakeCache.txt") in
    ?*) echo "a library with sanitizers needs them in every program"; exit 77 ;;
esac
"$CMAKE" --install "$build_dir" --prefix "$work/first" >/dev/null
mv "$work/first" "$work/moved"
prefix=$work/moved
lib=$(dirname "$(find "$prefix" -name libpixfer.a)")
export PKG_CONFIG_PATH=$lib/pkgconfig LD_LIBRARY_PATH=$lib DYLD_LIBRARY_PATH=$lib
consumer=$source_dir/tests/api/consumer.c

echo "# pkg-config, shared"
$CC -Wall -Werror "$consumer" $(pkg-config --cflags --libs pixfer) -o "$work/shared"
"$work/shared"

echo "# pkg-config, static"
$CC -Wall -Werror "$consumer" $(pkg-config --cflags pixfer) "$lib/libpixfer.a" \
    $(pkg-config --static --libs-only-other --libs-only-l pixfer | sed 's/-lpixfer//') -o "$work/static"
"$work/static"

echo "# find_package"
for static in OFF ON; do
    "$CMAKE" -S "$source_dir/tests/api/find_package" -B "$work/build-$static" -DCMAKE_PREFIX_PATH="$prefix" -DCONSUMER="$consumer" \
        -DPIXFER_USE_STATIC=$static -DCMAKE_C_COMPILER="$CC" >/dev/null
    "$CMAKE" --build "$work/build-$static" >/dev/null
    "$work/build-$static/consumer"
done

echo "# each header alone, in C and C++"
for header in "$prefix"/include/pixfer/*.h; do
    name=pixfer/$(basename "$header")
    case $name in */videotoolbox.h) continue ;; esac
    echo "#include <$name>" | $CC -std=c11 -Wall -Wextra -Wundef -pedantic -Werror -I"$prefix/include" -fsyntax-only -x c -
    if command -v c++ >/dev/null; then
        echo "#include <$name>" | c++ -std=c++11 -Wall -Wextra -Wundef -pedantic -Werror -I"$prefix/include" -fsyntax-only -x c++ -
    fi
done

echo "# what the libraries show and need"
if [ -f "$lib/libpixfer.so" ]; then
    for library in "$lib"/libpixfer*.so; do
        shown=$(nm -D --defined-only "$library" | awk 'NF == 3 { print $3 }' | grep -v '^pixfer_' || true)
        [ -z "$shown" ] || die "$(basename "$library") shows symbols of other names: $shown"
    done
    needed=$(objdump -p "$lib/libpixfer.so" | awk '$1 == "NEEDED" { print $2 }' | grep -Ev '^(libc|libm|libpthread|ld-linux.*)\.so' || true)
    [ -z "$needed" ] || die "libpixfer depends on $needed, expected libc, libm and threads only"
fi
if [ -f "$lib/pkgconfig/pixfer-exporter.pc" ]; then
    echo "# the exporter, shared"
    echo '#include <pixfer/exporter.h>
    int main(void) { struct pixfer_exporter *e = NULL; pixfer_exporter_close(&e); return 0; }' >"$work/exporter.c"
    $CC -Wall -Werror "$work/exporter.c" $(pkg-config --cflags --libs pixfer-exporter) -o "$work/exporter"
    "$work/exporter"
fi
