import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromTrixie, mirrorOf, packageSource, parseOsRelease, trixiePin, trixieSources } from './debian.mjs';
import { SetupFailure } from './failure.mjs';
import { run } from './run.mjs';
import { during } from './say.mjs';

const sourcesFile = '/etc/apt/sources.list.d/preheat-trixie.sources';
const pinFile = '/etc/apt/preferences.d/preheat-trixie';
const policyFile = '/usr/sbin/policy-rc.d';

/** @returns {import('./debian.mjs').Distribution} */
export function distribution() {
  return parseOsRelease(readIfThere('/etc/os-release'));
}

/**
 * Why packages cannot be installed here, undefined when they can.
 * @returns {string | undefined}
 */
export function whyNoPackages() {
  const here = distribution();
  if (packageSource(here) === 'none') return `${here.name} has no packages that set-up knows`;
  return process.getuid?.() === 0 ? undefined : 'only root may install packages';
}

/**
 * Installs Debian packages with what they need, asking nothing and starting nothing.
 * @param {readonly string[]} packages
 * @throws {SetupFailure} when this machine has no such packages, or apt fails
 */
export async function install(packages) {
  const why = whyNoPackages();
  const names = packages.join(' ');
  if (why !== undefined)
    throw new SetupFailure(
      `cannot install ${names}: ${why}`,
      `Install ${names} yourself, then run this again.`,
    );
  const pinned =
    packageSource(distribution()) === 'pinned trixie' && packages.some((name) => fromTrixie.includes(name));
  await during(
    `installing ${names}${pinned ? ' (Docker and oras from Debian 13, pinned)' : ''}`,
    async () => {
      if (pinned) await providePinnedSource();
      await withServicesHeld(() => installOrUpdateFirst(packages));
    },
  );
}

async function providePinnedSource() {
  const sources = trixieSources(mirrorOf(configuredSources()));
  const same = readIfThere(sourcesFile) === sources && readIfThere(pinFile) === trixiePin();
  writeFileSync(pinFile, trixiePin());
  writeFileSync(sourcesFile, sources);
  if (!same) await update();
}

/** @param {readonly string[]} packages */
async function installOrUpdateFirst(packages) {
  const args = ['install', '--yes', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300', ...packages];
  try {
    await run('apt-get', args);
  } catch {
    await update(); // lists that are missing or older than the archive's files
    await run('apt-get', args);
  }
}

const update = () =>
  run('apt-get', ['update', '-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Languages=none']);

/**
 * Debian's packages start their service at once; policy-rc.d is how one says no
 * (https://people.debian.org/~hmh/invokerc.d-policyrc.d-specification.txt).
 * @param {() => Promise<void>} work
 */
async function withServicesHeld(work) {
  if (existsSync(policyFile)) return work();
  writeFileSync(policyFile, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    return await work();
  } finally {
    rmSync(policyFile, { force: true });
  }
}

/** What sources.list and sources.list.d say, our own file apart. */
export function configuredSources() {
  const folder = '/etc/apt/sources.list.d';
  const files = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  return ['/etc/apt/sources.list', ...files.filter((file) => file !== sourcesFile)]
    .map(readIfThere)
    .join('\n\n');
}

/** @param {string} file */
function readIfThere(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
