// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT

'use strict';

const { parentPort, workerData } = require('node:worker_threads');

const pixfer = require('@pixfer/node');

const stream = pixfer.exporter(workerData.file, { width: 320, height: 180, fps: 30 });
stream.on('error', () => {});
const frame = Buffer.alloc(320 * 180 * 4, 77);
const more = () => {
    pixfer.convert(frame, { width: 320, height: 180 });
    stream.write(frame, more);
};
stream.write(frame, () => {
    parentPort.postMessage('started');
    more();
});
