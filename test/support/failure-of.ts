import assert from 'node:assert/strict';
import { PreheatError } from '../../src/kernel/failure.ts';

/** What `work` failed with: it has to fail, with an error that was meant for people. */
export async function failureOf(work: Promise<unknown>): Promise<PreheatError> {
  const thrown: unknown = await work.then(
    () => assert.fail('it did not fail'),
    (reason: unknown) => reason,
  );
  assert.ok(thrown instanceof PreheatError, String(thrown));
  return thrown;
}

/** All that the log may say of a failure. */
export function wordsOf({ message, hint, cause }: PreheatError): string {
  return `${message} ${hint} ${String(cause)}`;
}
