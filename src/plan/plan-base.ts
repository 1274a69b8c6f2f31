import type { PushEvent } from '../event/push-event.ts';
import type { BaseFacts } from '../observe/facts.ts';
import type { DockerfileFacts } from '../observe/dockerfile-facts.ts';
import type { BaseAnswer, ObservedBase } from '../observe/observed-base.ts';
import type { Digest } from '../oci/digest.ts';
import type { Platform } from '../oci/platform.ts';
import { builtBaseTag } from '../oci/tags.ts';
import type { BaseDecision } from './base-decision.ts';
import { baseKey } from './base-key.ts';
import { scopesOf } from './scope.ts';

/** What a base's plan rests on apart from what was observed. */
export interface BasePlanInputs {
  readonly event: PushEvent;
  readonly protectedBranches: readonly string[];
  readonly platform: Platform;
  /** Engine network of `RUN`; absent for the usual one. */
  readonly network?: string;
}

/** A tag that may hold a base that was built before, and the key that it must carry. */
export interface BaseQuestion {
  readonly tag: string;
  readonly key: Digest;
}

/** Which tags could spare the build of a Dockerfile, best first; none for one whose result cannot be known. */
export function baseQuestions(
  { event, protectedBranches, platform, network }: BasePlanInputs,
  dockerfile: DockerfileFacts,
): readonly BaseQuestion[] {
  if (dockerfile.uncached !== undefined) return [];
  const key = baseKey(dockerfile, platform, network);
  return scopesOf(event, protectedBranches).read.map((scope) => ({ tag: builtBaseTag(scope, key), key }));
}

/** Decides whether the base is there or is to be built. Pure. */
export function planBase(inputs: BasePlanInputs, observed: ObservedBase): BaseDecision {
  if (observed.kind === 'named') {
    return { kind: 'named', reason: REASON[observed.resolved.by], base: observed.resolved.base };
  }
  const { dockerfile, answers } = observed;
  const key = baseKey(dockerfile, inputs.platform, inputs.network);
  const found = answers.find(({ key: held }) => held === key);
  if (found?.digest !== undefined) return hit(dockerfile, found, found.digest);
  const { write } = scopesOf(inputs.event, inputs.protectedBranches);
  const reason = dockerfile.uncached ?? `no image of ${dockerfile.file} with these inputs is kept`;
  return { kind: 'miss', reason, key, tag: builtBaseTag(write, key) };
}

function hit({ file }: DockerfileFacts, { tag }: BaseAnswer, digest: Digest): BaseDecision {
  const base: BaseFacts = { reference: file, digest, source: 'target' };
  return { kind: 'hit', reason: `${file} was built with the same inputs before`, tag, base };
}

const REASON = {
  digest: 'it is named by digest',
  pin: 'the default branch has pinned it',
  registry: 'its registry says so',
  engine: 'this engine has made it',
} as const;
