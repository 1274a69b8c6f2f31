import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callEngine, streamError } from './engine-api.mjs';
import { SetupFailure } from './failure.mjs';
import { logFile } from './run.mjs';

/** @typedef {import('./engine-api.mjs').Engine} Engine */

const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/** 10 June 2023, when Debian 12 came out: file times are no later, so that equal packages give equal layers. */
export const releaseTime = '1686355200';
/** Marks an image that stands in for the one whose name it bears. */
export const label = 'LABEL preheat.stand-in=true';

/**
 * Imports a root file system as an image of one layer.
 * @param {Engine} engine
 * @param {string} name
 * @param {AsyncIterable<Buffer>} tar
 * @param {readonly string[]} changes Dockerfile instructions for its config
 */
export async function importRoot(engine, name, tar, changes) {
  const [repo = '', tag = ''] = name.split(':');
  const query = new URLSearchParams({ fromSrc: '-', repo, tag });
  [...changes, `ENV ${path}`, label].forEach((change) => query.append('changes', change));
  const call = { method: 'POST', stream: tar, idleSeconds: 300 };
  expectDone(`import ${name}`, await callEngine(engine, `/images/create?${query.toString()}`, call));
}

/**
 * @param {string} what
 * @param {{ status: number, text: string }} answer
 */
export function expectDone(what, { status, text }) {
  const why = streamError(text) ?? (status === 200 ? undefined : `the engine answered ${status}`);
  if (why !== undefined) throw new SetupFailure(`cannot ${what}: ${why}`, `Read ${logFile()}.`);
}

/**
 * A tar stream whose entries belong to root and carry one time, so that equal files give an equal layer.
 * @param {readonly string[]} args
 * @returns {AsyncIterable<Buffer>}
 */
export async function* tarOf(args) {
  const child = spawn(
    'tar',
    ['--owner=0', '--group=0', '--numeric-owner', '--sort=name', `--mtime=@${releaseTime}`, ...args],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const ended = new Promise((resolve) => child.on('close', resolve));
  yield* child.stdout;
  if ((await ended) !== 0)
    throw new SetupFailure('cannot pack a root file system: tar failed', `Read ${logFile()}.`);
}

/**
 * Gives a temporary folder to `work` and removes it afterwards.
 * @param {(folder: string) => Promise<void>} work
 */
export async function inFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), 'preheat-image-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
