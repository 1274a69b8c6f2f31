/** The variables and facts that decide about colour. */
export interface ColourSettings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isTerminal: boolean;
}

/**
 * Whether to write in colour. `NO_COLOR` (https://no-color.org) forbids and `FORCE_COLOR` demands it; else terminals
 * get it, and the log of Bitbucket Pipelines, which shows colours though it is no terminal.
 */
export function wantsColour({ env, isTerminal }: ColourSettings): boolean {
  const { NO_COLOR: no, FORCE_COLOR: force, TERM: terminal, BITBUCKET_BUILD_NUMBER: build } = env;
  if (no) return false;
  if (force !== undefined) return force !== '0' && force !== 'false';
  return isTerminal ? terminal !== 'dumb' : Boolean(build);
}
