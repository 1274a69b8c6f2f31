import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { distribution, install, whyNoPackages } from './apt.mjs';
import { browserPackage, findBrowser } from './browser.mjs';
import { findProgram, run } from './run.mjs';
import { found } from './say.mjs';

/**
 * A program that preheat or its tests start.
 * @typedef {object} Tool
 * @property {string} program
 * @property {string} debianPackage
 * @property {readonly string[]} [ask] arguments that make it tell its version, where it has any that succeed
 */

/** @type {readonly Tool[]} */
export const tools = [
  { program: 'git', debianPackage: 'git', ask: ['--version'] },
  { program: 'git-lfs', debianPackage: 'git-lfs', ask: ['version'] },
  { program: 'sshd', debianPackage: 'openssh-server' },
  { program: 'strace', debianPackage: 'strace', ask: ['--version'] },
  { program: 'tmux', debianPackage: 'tmux', ask: ['-V'] },
  { program: 'openssl', debianPackage: 'openssl', ask: ['version'] },
  { program: 'docker', debianPackage: 'docker-cli', ask: ['--version'] },
  { program: 'docker-registry', debianPackage: 'docker-registry', ask: ['--version'] },
  { program: 'umoci', debianPackage: 'umoci', ask: ['--version'] },
  { program: 'oras', debianPackage: 'oras', ask: ['version'] },
];

/** The plug-in folders in which the docker client looks, its own settings apart (docker/cli, cli-plugins/manager). */
const buildxFiles = [
  '/usr/local/lib/docker/cli-plugins',
  '/usr/local/libexec/docker/cli-plugins',
  '/usr/lib/docker/cli-plugins',
  '/usr/libexec/docker/cli-plugins',
  `${process.env['HOME'] ?? ''}/.docker/cli-plugins`,
].map((folder) => `${folder}/docker-buildx`);

const hasBuildx = () =>
  buildxFiles.some((file) => existsSync(file)) || findProgram('docker-buildx') !== undefined;

/**
 * Finds the tools or installs them all in one go, and says a line for each.
 * @param {string} root the checkout
 * @throws {import('./failure.mjs').SetupFailure} naming every one that is missing
 */
export async function provideTools(root) {
  await installMissing();
  const lines = await Promise.all(tools.map((tool) => describe(tool, root)));
  lines.forEach((line) => found(line));
  found(await describeBrowser());
}

async function installMissing() {
  const missing = tools.filter(({ program }) => program !== 'oras' && findProgram(program) === undefined);
  const names = missing.map((tool) => tool.debianPackage);
  if (!hasBuildx()) names.push('docker-buildx');
  if (findProgram('oras') === undefined && debianHasOras()) names.push('oras');
  if (findBrowser() === undefined) names.push(browserPackage());
  if (names.length === 0) return;
  await install(names);
  await leaveOffAtBoot(names);
}

/**
 * Where systemd runs, these packages would have their servers started at the next boot; only tests start them.
 * @param {readonly string[]} names packages that were just installed
 */
async function leaveOffAtBoot(names) {
  if (!existsSync('/run/systemd/system')) return;
  if (names.includes('docker-registry')) await run('systemctl', ['disable', 'docker-registry']);
  if (names.includes('openssh-server')) await run('systemctl', ['disable', 'ssh']);
}

/** Ubuntu has no oras of its own in its long-term releases; a verified download serves there. */
const debianHasOras = () => whyNoPackages() === undefined && distribution().id === 'debian';

/**
 * @param {Tool} tool
 * @param {string} root
 * @returns {Promise<string>}
 */
async function describe({ program, ask }, root) {
  const file = findProgram(program) ?? (await download(root));
  if (ask === undefined) return `${program} (${file})`;
  return `${program} ${versionIn(await run(file, ask, { seconds: 20 }))} (${file})`;
}

/** @returns {Promise<string>} */
async function describeBrowser() {
  const file = findBrowser() ?? 'chromium';
  return `chromium ${versionIn(await run(file, ['--version'], { seconds: 20 }))} (${file})`;
}

/**
 * Only oras comes as a download: it is TypeScript, hence the Node of node_modules.
 * @param {string} root
 * @returns {Promise<string>} where it is
 */
async function download(root) {
  const printed = await run(join(root, 'node_modules/.bin/node'), [join(root, 'setup/oras.ts')], {
    seconds: 300,
  });
  return printed.trim();
}

/**
 * The first thing that looks like a version in what a program told.
 * @param {string} text
 * @returns {string} "of unknown version" when there is none
 */
export function versionIn(text) {
  return /\bv?(\d+\.\d+(?:\.\d+)?(?:[-+~][0-9A-Za-z.+~-]+)?)/.exec(text)?.[1] ?? 'of unknown version';
}
