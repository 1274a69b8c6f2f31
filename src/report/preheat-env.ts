import type { Outcome } from './outcome.ts';

/**
 * The text of `preheat.env`, read by `. ./preheat.env` in the next line of a script: `PREHEAT_STATE` (`warm`,
 * `not-warm` or `interrupted`), `PREHEAT_IMAGE` and `PREHEAT_DIGEST` (empty unless warm), exported and quoted for a
 * POSIX shell.
 */
export function preheatEnv({ result, image, digest }: Outcome): string {
  const isWarm = result === 'warm';
  const variables = {
    PREHEAT_STATE: result,
    PREHEAT_IMAGE: isWarm ? image : undefined,
    PREHEAT_DIGEST: isWarm ? digest : undefined,
  };
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}=${shellQuoted(value ?? '')}\n`)
    .join('');
}

function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
