// SPDX-FileCopyrightText: the pixfer authors
// SPDX-License-Identifier: MIT

// Run by npm when the package is installed: nothing is to be done where a prebuilt module loads, else node-gyp builds them. --build
// builds in any case; --prebuild, too, and puts the result where prebuilt modules lie.

'use strict';

const { spawnSync } = require('child_process');
const fs = require('fs');
const path = require('path');

function loads() {
    try {
        require('./index.js').version();
        return true;
    } catch {
        return false;
    }
}

/** node-gyp as npm brings it, or one of the user's own. */
function gyp() {
    const npm = process.env.npm_execpath && path.join(path.dirname(process.env.npm_execpath), '../node_modules/node-gyp/bin/node-gyp.js');
    const places = [npm, ...['/usr/lib', '/usr/local/lib', path.join(path.dirname(process.execPath), '../lib')].map((folder) =>
        path.join(folder, 'node_modules/npm/node_modules/node-gyp/bin/node-gyp.js')), '/usr/share/nodejs/node-gyp/bin/node-gyp.js'];
    const found = places.find((place) => place && fs.existsSync(place));
    return found ? [process.execPath, found] : ['node-gyp'];
}

const mode = process.argv[2];
if (mode || !loads()) {
    const [program, ...rest] = gyp();
    const nodedir = fs.existsSync('/usr/include/node/node_api.h') && !process.env.npm_config_nodedir ? ['--nodedir=/usr'] : [];
    const { status, error } = spawnSync(program, [...rest, 'rebuild', '--jobs=max', ...nodedir], { cwd: __dirname, stdio: 'inherit' });
    if (status !== 0) {
        console.error(`@pixfer/node: ${error ? `found no node-gyp (${error.message})` : 'the build failed'}; expected node-gyp, a C compiler and, for the exporter, FFmpeg's development files`);
        process.exit(1);
    }
}
if (mode === '--prebuild') {
    const folder = path.join(__dirname, 'prebuilds', `${process.platform}-${process.arch}`);
    fs.mkdirSync(folder, { recursive: true });
    for (const name of ['converter', 'exporter']) {
        const built = path.join(__dirname, 'build/Release', `${name}.node`);
        if (fs.existsSync(built)) fs.copyFileSync(built, path.join(folder, `${name}.node`));
    }
}
