// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT

// What binding.gyp compiles: sources.js root | core | exporter, as paths from this folder. The library's sources are those of the
// repository around it, or in a published package a copy in deps/pixfer.

'use strict';

const fs = require('fs');
const path = require('path');

const root = ['deps/pixfer', '../..'].find((folder) => fs.existsSync(path.join(__dirname, folder, 'include/pixfer/pixfer.h')));

function sources(folder, wanted) {
    return fs.readdirSync(path.join(__dirname, folder), { withFileTypes: true }).flatMap((entry) => {
        const name = path.posix.join(folder, entry.name);
        return entry.isDirectory() ? sources(name, wanted) : name.endsWith('.c') && wanted(name) ? [name] : [];
    });
}

const swscale = (name) => /backends\/swscale\/(?!swscale_stub)/.test(name);
const lists = {
    root: () => [root],
    core: () => sources(`${root}/src`, (name) => !/\/src\/exporter\//.test(name) && !swscale(name)),
    exporter: () => sources(`${root}/src/exporter`, () => true),
};

module.exports = { root, lists };
if (require.main === module) console.log(lists[process.argv[2]]().join('\n'));
