#!/usr/bin/env bash
# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT

# input.sh FUZZ_INPUT [SECONDS]: the corpus as it is, then mutations of it.
work=$(mktemp -d "${TMPDIR:-/tmp}/pixfer-corpus.XXXXXX")
trap 'rm -rf "$work"' EXIT
"$(dirname "${BASH_SOURCE[0]}")/make_corpus.sh" "$work/seeds" || exit $?
"$1" "$work"/seeds/* && "$1" --mutate "${2:-20}" "$work"/seeds/*
