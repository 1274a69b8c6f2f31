import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupFailure } from './failure.mjs';
import { run } from './run.mjs';
import { during, found } from './say.mjs';

/**
 * The part of a package-lock.json that tells what belongs into node_modules
 * (https://docs.npmjs.com/cli/configuring-npm/package-lock-json).
 * @typedef {{ packages?: Record<string, { version?: string, optional?: boolean }> }} Lock
 */

const stampName = '.preheat-lock-sha256';

/**
 * Has `npm ci` done where node_modules is missing or older than the lock file, and Node 24 in node_modules/.bin.
 * @param {string} root the checkout
 * @throws {SetupFailure} when npm fails or brings no Node 24
 */
export async function providePackages(root) {
  if (!areCurrent(root)) await installPackages(root);
  const node = join(root, 'node_modules/.bin/node');
  const version = (await run(node, ['--version'], { seconds: 30 })).trim();
  if (!version.startsWith('v24.'))
    throw new SetupFailure(
      `cannot use ${node}: it is Node ${version}, not 24`,
      'Remove node_modules and run this again; the npm package "node" needs its preinstall script (allowScripts).',
    );
  found(`node ${version.slice(1)} (npm package, node_modules/.bin)`);
}

/** @param {string} root */
async function installPackages(root) {
  await during('installing npm packages (npm ci)', async () => {
    await run('npm', ['ci', '--no-audit', '--no-fund', '--include=dev'], { cwd: root, seconds: 900 });
  });
  writeFileSync(join(root, 'node_modules', stampName), `${lockDigest(root)}\n`);
}

/**
 * @param {string} root
 * @returns {boolean} whether node_modules holds what the lock file says
 */
function areCurrent(root) {
  if (!existsSync(join(root, 'node_modules/.bin/node'))) return false;
  const stamp = join(root, 'node_modules', stampName);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8').trim() === lockDigest(root)) return true;
  const hidden = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(hidden) || !holds(readLock(hidden), readLock(join(root, 'package-lock.json'))))
    return false;
  writeFileSync(stamp, `${lockDigest(root)}\n`); // `npm install` by hand got it right
  return true;
}

/**
 * Whether an install holds exactly what a lock file asks for; optional packages may be left out, as npm leaves out
 * those of other platforms.
 * @param {Lock} installed node_modules/.package-lock.json, which npm writes after each install
 * @param {Lock} lock
 * @returns {boolean}
 */
export function holds(installed, lock) {
  const have = Object.entries(installed.packages ?? {});
  const want = Object.entries(lock.packages ?? {}).filter(([path]) => path !== '');
  const haveVersions = new Map(have.map(([path, { version }]) => [path, version]));
  const wantVersions = new Map(want.map(([path, { version }]) => [path, version]));
  const nothingElse = have.every(
    ([path, { version }]) => wantVersions.has(path) && wantVersions.get(path) === version,
  );
  return nothingElse && want.every(([path, { optional }]) => optional === true || haveVersions.has(path));
}

/** @param {string} root */
function lockDigest(root) {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

/**
 * @param {string} file
 * @returns {Lock}
 */
function readLock(file) {
  return /** @type {Lock} */ (JSON.parse(readFileSync(file, 'utf8')));
}
