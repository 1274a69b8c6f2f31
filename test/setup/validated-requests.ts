import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { COUNTS_FILE, UNVALIDATED } from '../fakes/validated-requests.ts';

/** Runs once before all tests, in the process that starts mocha's workers: they inherit the name of the file. */
export function mochaGlobalSetup(): void {
  process.env[COUNTS_FILE] = join(mkdtempSync(join(tmpdir(), 'preheat-validated-')), 'counts');
}

/** Runs once after all tests: says how many requests were held against Bitbucket's own description. */
export function mochaGlobalTeardown(): void {
  const file = process.env[COUNTS_FILE];
  if (file === undefined) return;
  const counts = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  rmSync(dirname(file), { recursive: true, force: true });
  const told = summary(counts);
  if (told !== undefined) console.log(told);
}

function summary(counts: readonly string[]): string | undefined {
  if (counts.length === 0) return undefined;
  if (counts.includes(UNVALIDATED))
    return 'PREHEAT_CONTRACTS is not set: requests to Bitbucket are not held against its own description';
  const sum = counts.reduce((total, count) => total + Number(count), 0);
  return `${sum} requests to Bitbucket were held against its own description`;
}
