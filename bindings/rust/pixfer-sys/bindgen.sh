#!/bin/sh
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# usage: bindgen.sh [OUTDIR]
#
# Writes bindings.rs and exporter.rs from the headers, into src/ unless another folder is named. Made with bindgen 0.60.1, whose
# output does not depend on the machine, and laid out by the rustfmt beside it. The layout tests hold where pointers have 64 bits.

set -eu
cd "$(dirname "$0")"
out=${1:-src}
headers=vendor/include
[ -d "$headers" ] || headers=../../../include # where links are not links

make() { # make FILE HEADER BINDGEN-OPTIONS...
    file=$1 header=$2
    shift 2
    {
        echo '// SPDX-FileCopyrightText: the pixfer authors'
        echo '// SPDX-License-Identifier: MIT'
        echo "// Made by bindgen.sh from pixfer/$header; changes belong there."
        echo
        bindgen --size_t-is-usize --no-prepend-enum-name --with-derive-default --disable-header-comment \
            --allowlist-function 'pixfer_.*' --allowlist-type 'pixfer_.*' --allowlist-var 'PIXFER_.*' \
            --blocklist-item 'PIXFER_VERSION_.*' "$@" "$headers/pixfer/$header" -- -I"$headers" |
            sed -e '/^pub type __u*int[0-9]*_t = /d' -e 's/#\[doc = "< /#[doc = " /' -e 's/^#\[test\]$/#[cfg(target_pointer_width = "64")]\n#[test]/'
    } >"$out/$file"
}
make bindings.rs pixfer.h
make exporter.rs exporter.h --blocklist-file '.*pixfer/(common|image|convert)\.h' \
    --raw-line 'use crate::bindings::*;'
