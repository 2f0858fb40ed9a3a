#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
#
# SOURCE-DIR BUILD-DIR RGBA-FILE: the reference frame through the safe crate, whose example makes it itself; see tests/api/reference.sh.
exec 3>&1 1>&2
. "$(dirname "$0")/common.sh"
"$cargo" run -q -p pixfer --example reference_md5 >&3
