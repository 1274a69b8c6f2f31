import { appendFileSync } from 'node:fs';

/** Names the file in which the processes of a run of the tests count together; mocha's set-up sets it. */
export const COUNTS_FILE = 'PREHEAT_VALIDATED_REQUESTS';

/** What stands for a fake that had no description to hold its requests against. */
export const UNVALIDATED = 'none';

/** Counts what a fake held against Bitbucket's description; nothing where it had none. */
export function noteValidated(requests: number | undefined): void {
  const file = process.env[COUNTS_FILE];
  if (file !== undefined) appendFileSync(file, `${requests ?? UNVALIDATED}\n`);
}
