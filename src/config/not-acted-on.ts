import { aboutKey, aboutValue, type Finding, type NodePath, type Tell } from './finding.ts';
import type { GitpodFile } from './gitpod-file.ts';
import { wrongWord } from './type-findings.ts';

const PREVENT_MERGE = 'prevent-merge-on-error';

/** Keys that are known and mean nothing here yet: how much that matters, and what happens instead. */
const KEYS: Readonly<Partial<Record<keyof GitpodFile, readonly [Finding['severity'], string]>>> = {
  additionalRepositories: ['warning', 'only the pushed repository is in the image'],
  mainConfiguration: ['warning', 'this file is used as it stands'],
  gitConfig: ['warning', 'the checkout is made without these settings'],
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
  tellNonText(file.env, ['env'], tell);
  tellNonText(file.gitConfig, ['gitConfig'], tell);
  tellCheck(file.github?.prebuilds, tell);
}

/** Gitpod's documentation named "fail-on-error", which its schema refused. */
function tellCheck(prebuilds: NonNullable<GitpodFile['github']>['prebuilds'], tell: Tell): void {
  if (typeof prebuilds !== 'object' || typeof prebuilds.addCheck !== 'string') return;
  const path = ['github', 'prebuilds', 'addCheck'];
  if (prebuilds.addCheck === PREVENT_MERGE) return;
  tell(aboutValue('refused', path, ...wrongWord([PREVENT_MERGE], path, prebuilds.addCheck)));
}

/** Gitpod's own rule for these two maps; elsewhere it took any value. */
function tellNonText(map: Readonly<Record<string, unknown>> | undefined, path: NodePath, tell: Tell): void {
  for (const [name, value] of Object.entries(map ?? {})) {
    if (typeof value === 'string') continue;
    const message = `${path.join('.')}: Gitpod took only text here; ${String(value)} is used as text`;
    tell(aboutValue('refused', [...path, name], message, `put it in quotes: "${String(value)}"`));
  }
}
