import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { install } from './apt.mjs';
import { importRoot, inFolder, releaseTime } from './import-root.mjs';
import { findProgram, run } from './run.mjs';

/** @typedef {import('./engine-api.mjs').Engine} Engine */

/** mmdebstrap copies these two from the machine for its own use and leaves them there. */
const forgetMachine = 'rm -f "$1/etc/resolv.conf" "$1/etc/hostname"';

/** What debian:bookworm-slim leaves out too; it halves the files. */
const withoutManuals = ['man', 'locale', 'info', 'doc/*/*.gz'].map(
  (folder) => `--dpkgopt=path-exclude=/usr/share/${folder}${folder.endsWith('.gz') ? '' : '/*'}`,
);

/** @param {string} suite */
const sourcesOf = (suite) => [
  `deb http://deb.debian.org/debian ${suite} main`,
  `deb http://deb.debian.org/debian ${suite}-updates main`,
  `deb http://deb.debian.org/debian-security ${suite}-security main`,
];

/**
 * A Debian root of the given packages and what they need, as an image of one layer.
 * @param {Engine} engine
 * @param {string} name of the image
 * @param {string} suite such as "bookworm"
 * @param {readonly string[]} packages
 */
export async function makeDebian(engine, name, suite, packages) {
  await provideMmdebstrap();
  await inFolder(async (folder) => {
    const root = join(folder, 'root.tar');
    const included = packages.length === 0 ? [] : [`--include=${packages.join(',')}`];
    const hook = `--customize-hook=${forgetMachine}`;
    const words = ['--variant=minbase', ...included, ...withoutManuals, hook, suite, root];
    await run('mmdebstrap', [...words, ...sourcesOf(suite)], { env: { SOURCE_DATE_EPOCH: releaseTime } });
    await importRoot(engine, name, createReadStream(root), ['CMD ["bash"]']);
  });
}

async function provideMmdebstrap() {
  if (findProgram('mmdebstrap') === undefined) await install(['mmdebstrap', 'debian-archive-keyring']);
}
