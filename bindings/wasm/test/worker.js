// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT

import { parentPort, workerData } from 'node:worker_threads';

import { convert, load } from 'pixfer';

await load(workerData.module);
parentPort.postMessage(convert(workerData.rgba, { width: 256, height: 144 }));
