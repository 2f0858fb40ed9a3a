#!/bin/sh
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# SOURCE-DIR BUILD-DIR RGBA-FILE: the reference frame through the module for node, linked with the library of this build; see
# tests/api/reference.sh.
set -eu
[ -e /usr/include/node/node_api.h ] && command -v node >/dev/null && [ -f "$2/src/libpixfer.a" ] || exit 77
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
mkdir -p "$work/build/Release"
cp "$1/bindings/node/index.js" "$work"
${CC:-cc} -shared -fPIC -O2 -DNODE_GYP_MODULE_NAME=converter -DNAPI_VERSION=8 -I/usr/include/node -I"$1/include" "$1/bindings/node/src/common.c" \
    "$1/bindings/node/src/converter.c" "$2/src/libpixfer.a" -lpthread -lm -o "$work/build/Release/converter.node" >&2
cat >"$work/reference.js" <<'SCRIPT'
const { readFileSync, writeSync } = require('fs');
const nv12 = require('./index.js').convertSync(readFileSync(process.argv[2]), { width: 256, height: 144 });
for (let at = 0; at < nv12.length;) at += writeSync(1, nv12, at);
SCRIPT
node "$work/reference.js" "$3"
