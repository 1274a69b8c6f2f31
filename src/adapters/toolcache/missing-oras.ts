import { PreheatError, type FailureCode } from '../../kernel/failure.ts';

/** Why there is no oras to be had. */
export function missingOras(why: string, code: FailureCode, cause?: unknown): PreheatError {
  return new PreheatError(`cannot get oras: ${why}`, {
    phase: 'publish',
    code,
    hint: 'Install oras 1.2.0 or later and put it on the PATH: https://oras.land/docs/installation',
    cause,
  });
}
