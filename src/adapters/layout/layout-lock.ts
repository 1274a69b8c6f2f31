import { randomUUID } from 'node:crypto';
import { link, open, readFile, readlink, rename, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../kernel/clock.ts';
import { PreheatError } from '../../kernel/failure.ts';

const POLL_MS = 25;
const HEARTBEAT_MS = 5_000;
/** A lock whose owner has shown no sign of life for so long is taken over. */
const STALE_MS = 60_000;

/** Holds a layout's lock until it is disposed of. */
export type LayoutLock = AsyncDisposable;

/**
 * Waits for the right to change a layout's index: one holder at a time, across processes and machines that share the
 * folder. The lock is a file that its owner touches; one whose owner died is taken over. Node has no flock(2).
 * Throws `PreheatError` (publish) when the folder cannot be written, an `AbortError` when `signal` aborts.
 */
export async function lockLayout(directory: string, signal: AbortSignal): Promise<LayoutLock> {
  const path = join(directory, '.preheat-lock');
  const owner = `${await placeOfPids()} ${process.pid} ${randomUUID()}`;
  while (!(await take(path, owner))) {
    // A signal's own reason may be anything; what sleeps tells each as an `AbortError`.
    await sleep((await removeDead(path)) ? 0 : POLL_MS, undefined, { signal });
  }
  const heartbeat = setInterval(() => void touch(path), HEARTBEAT_MS);
  heartbeat.unref();
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(heartbeat);
      if ((await ownerOf(path)) === owner) await rm(path, { force: true });
    },
  };
}

/** Where a process id means this program's: two containers on one host may have its name and the same ids. */
async function placeOfPids(): Promise<string> {
  const namespace = await readlink('/proc/self/ns/pid').catch(() => 'pid');
  return `${hostname()}/${namespace}`;
}

async function take(path: string, owner: string): Promise<boolean> {
  // Written under another name and linked into place, so that nobody ever reads a lock without its owner.
  const draft = `${path}.${randomUUID()}`;
  try {
    await using file = await open(draft, 'wx');
    await file.writeFile(owner);
    await link(draft, path);
    return true;
  } catch (thrown) {
    if (codeOf(thrown) === 'EEXIST') return false;
    throw new PreheatError(`cannot lock the layout: ${String(thrown)}`, {
      phase: 'publish',
      hint: 'Make the folder behind "oci:" writable.',
      cause: thrown,
    });
  } finally {
    await rm(draft, { force: true });
  }
}

/** Moves a dead owner's lock away; `true` when the lock is worth another try at once. */
async function removeDead(path: string): Promise<boolean> {
  const owner = await ownerOf(path);
  if (owner === undefined) return true;
  if (!(await isDead(path, owner))) return false;
  // Two waiters may find the same dead lock; the slower one must not throw away the faster one's new lock.
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch {
    return true;
  }
  if ((await ownerOf(aside)) !== owner) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
  return true;
}

async function isDead(path: string, owner: string): Promise<boolean> {
  const [place, pid] = owner.split(' ');
  if (place === (await placeOfPids()) && !isRunning(Number(pid))) return true;
  const touched = await stat(path).catch(() => undefined);
  return touched !== undefined && systemClock.now().getTime() - touched.mtimeMs > STALE_MS;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return codeOf(thrown) === 'EPERM';
  }
}

async function touch(path: string): Promise<void> {
  const now = systemClock.now();
  await utimes(path, now, now).catch(() => undefined);
}

async function ownerOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}

function codeOf(thrown: unknown): unknown {
  return thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
}
