import { messageOf, PreheatError, type Phase } from './failure.ts';

/** What a temporary folder that cannot be made or written to is told as; `directory` is where it should have been. */
export function temporaryFailure(directory: string, thrown: unknown, phase: Phase): PreheatError {
  return new PreheatError(`cannot write to the temporary folder ${directory}: ${messageOf(thrown)}`, {
    phase,
    hint: 'Set TMPDIR to a folder that is there and writable, on a disk with space (for sources, --state).',
    cause: thrown,
  });
}
