// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT

// wasi.mjs PROGRAM.wasm [ARGUMENT...]: runs a program that was built for WASI, and ends with its status.

import { readFile } from 'node:fs/promises';
import { WASI } from 'node:wasi';

const wasi = new WASI({ version: 'preview1', args: process.argv.slice(2), env: {}, returnOnExit: true });
const program = await WebAssembly.compile(await readFile(process.argv[2]));
process.exit(wasi.start(await WebAssembly.instantiate(program, wasi.getImportObject())));
