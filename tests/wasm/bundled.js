// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT

// A program that a bundler makes one file of, with pixfer.wasm beside it.

import { convert, load } from 'pixfer';

await load();
const nv12 = convert(new Uint8Array([255, 0, 0, 255]), { width: 1, height: 1 });
if (String(nv12) !== '63,102,240') throw new Error(`red is ${nv12}`);
