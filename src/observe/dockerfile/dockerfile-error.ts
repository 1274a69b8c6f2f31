import { PreheatError } from '../../kernel/failure.ts';

/** A Dockerfile that cannot be used as it is; its message names the line where there is one. */
export function dockerfileError(
  place: { readonly file: string; readonly line?: number },
  why: string,
  hint: string,
): PreheatError {
  const where = place.line === undefined ? place.file : `${place.file}:${place.line}`;
  return new PreheatError(`cannot build the base image from ${where}: ${why}`, {
    phase: 'config',
    code: 'config-invalid',
    hint,
  });
}
