import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { RunIdentity, Witness } from '../build/sweep.ts';
import type { Clock } from '../kernel/clock.ts';

/** No run lasts longer; what carries an older deadline belongs to a dead one, on whatever machine it ran. */
const LONGEST_RUN_SECONDS = 24 * 60 * 60;

/** Who this run is, in the labels of its containers. */
export function thisRun(clock: Clock): RunIdentity {
  return {
    id: randomUUID(),
    owner: { ...here(), pid: process.pid },
    deadline: seconds(clock) + LONGEST_RUN_SECONDS,
  };
}

/** What this machine knows about the runs whose containers are still there. */
export function thisWitness(clock: Clock): Witness {
  return { ...here(), alive: isAlive, now: seconds(clock) };
}

function seconds(clock: Clock): number {
  return Math.floor(clock.now().getTime() / 1000);
}

function here() {
  return { host: hostname(), boot: bootId(), pidNamespace: pidNamespace() };
}

/** Where the kernel tells none, the host alone must do. */
function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return 'unknown';
  }
}

/** The number of the PID namespace in which this program's id counts; 0 where the kernel tells none. */
export function pidNamespace(): number {
  try {
    return Number(readlinkSync('/proc/self/ns/pid').replaceAll(/\D/g, ''));
  } catch {
    return 0;
  }
}

/** Whether a program with this id runs on this machine. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    // EPERM: it lives and is someone else's.
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM';
  }
}
