import { aboutKey, type Finding, type Tell } from './finding.ts';
import type { GitpodFile } from './gitpod-file.ts';

/** Keys that are known and mean nothing here yet: how much that matters, and what happens instead. */
const KEYS: Readonly<Partial<Record<keyof GitpodFile, readonly [Finding['severity'], string]>>> = {
  coreDump: ['info', "the engine's limits hold"],
  github: ['info', 'the triggers of Bitbucket Pipelines decide what is built'],
  experimentalNetwork: ['info', 'Gitpod did not act on it either'],
};

/** Tells of each key that would change what someone gets, and does not in this version. */
export function tellNotActedOn(file: GitpodFile, tell: Tell): void {
  for (const [key, [severity, instead]] of Object.entries(KEYS)) {
    if (!Object.hasOwn(file, key)) continue;
    tell(aboutKey(severity, [key], `"${key}" is not acted on by this version: ${instead}`));
  }
}
