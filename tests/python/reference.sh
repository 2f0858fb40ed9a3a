#!/bin/sh
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# SOURCE-DIR BUILD-DIR RGBA-FILE: the reference frame through the modules of this build, see tests/api/reference.sh.
set -eu
site=$2/tests/python/site
[ -f "$site/pixfer/_core.abi3.so" ] || exit 77
PYTHONPATH=$site PYTHONDONTWRITEBYTECODE=1 exec python3 -c 'import pixfer, sys
sys.stdout.buffer.write(pixfer.rgba_to_nv12(open(sys.argv[1], "rb").read(), width=256, height=144))' "$3"
