import type { Task, WorkspaceConfig } from '../config/workspace-config.ts';
import { canonicalJson, type Json } from '../kernel/canonical-json.ts';
import { DecidingAnswer, type InputAnswer } from '../observe/input-answer.ts';
import { digestOf, type Digest } from '../oci/digest.ts';
import type { PlanInputs, SourceFacts } from './plan-inputs.ts';
import { repositoriesPart, repositoryAnswers } from './repository-identity.ts';
import { sourceIdentity } from './source-identity.ts';
import { isWork } from './task-work.ts';

/**
 * Raised when tasks would run differently for the same configuration, which `image/bashrc` and what `image/gp` does in a
 * build are part of; not with preheat's own version.
 */
const TASK_SEMANTICS = 2;

/** The two keys of the step that runs the tasks (`docs/ARCHITECTURE.md`, "Keys"). */
export interface StepKeys {
  /** Covers what is known before the step runs, its inputs left out. */
  readonly staticKey: Digest;
  /** The static key together with the answers of its inputs at this commit. */
  readonly contentKey: Digest;
  /** What its inputs answer at this commit. */
  readonly answers: readonly InputAnswer[];
  /** Whether any task has something to do in a build. */
  readonly hasWork: boolean;
}

/** Derives the keys of the tasks' step: by its declared inputs, else by the whole-tree rule. */
export function stepKeys(inputs: PlanInputs, facts: SourceFacts): StepKeys {
  const { config, settings } = inputs;
  const { base, platform } = facts;
  const staticKey = keyOf('step', {
    semantics: TASK_SEMANTICS,
    base: base.digest,
    platform,
    checkoutLocation: config.checkoutLocation,
    workspaceLocation: config.workspaceLocation,
    mainCheckout: config.mainCheckout,
    // A base that has something of its own there is refused by a run alone.
    beside: config.additionalRepositories?.map((repository) => repository.checkoutLocation),
    env: config.env,
    user: config.user,
    tasks: config.tasks.map((task) => buildParts(task)),
    secrets: secretNames(settings),
    // Without a network, or in one with a proxy of its own, tasks may make something else.
    network: settings.network,
    // Present only where it is on, as those above.
    strict: settings.strictTasks,
    // Tasks run git with it.
    gitConfig: config.gitConfig,
  });
  const hasWork = config.tasks.some(isWork);
  const contentKey = keyOf('content', { staticKey, inputs: hasWork ? inputsPart(inputs, facts) : null });
  return { staticKey, contentKey, answers: answersOf(inputs, facts, hasWork), hasWork };
}

/**
 * The key of everything in an image: two runs with the same key make the same image, byte for byte.
 * The whole configuration counts, since ports, extensions and start commands are in it too.
 */
export function imageKey(inputs: PlanInputs, facts: SourceFacts, { contentKey }: StepKeys): Digest {
  const { config, settings } = inputs;
  return keyOf('image', {
    assembly: settings.assemblyVersion,
    runtime: settings.runtimeDigest,
    base: { ...facts.base },
    platform: facts.platform,
    contentKey,
    config: config satisfies WorkspaceConfig as Json,
    source: sourceIdentity(inputs, facts.commit),
    ...repositoriesPart(inputs, facts.repositories),
  });
}

/** Names alone: a token that was renewed changes nothing of what a task makes. */
function secretNames({ taskSecrets = [] }: PlanInputs['settings']): Json | undefined {
  return taskSecrets.length === 0 ? undefined : [...taskSecrets];
}

/** Whether files of Git LFS are laid as pointers or with their contents changes what a declared file is. */
function inputsPart(inputs: PlanInputs, { commit, declared, repositories }: SourceFacts): Json {
  const beside = repositoriesPart(inputs, repositories);
  if (declared === undefined) return { ...sourceIdentity(inputs, commit), ...beside };
  const answers = declared.answers.map((answer) => DecidingAnswer.parse(answer));
  return { answers, lfs: commit.lfs, ...beside };
}

/** By the whole-tree rule there is one answer for the pushed repository, of which everything else follows. */
function answersOf(
  inputs: PlanInputs,
  { commit, declared, repositories }: SourceFacts,
  hasWork: boolean,
): readonly InputAnswer[] {
  if (!hasWork) return [];
  const id = digestOf(canonicalJson(sourceIdentity(inputs, commit)));
  const own: readonly InputAnswer[] = declared?.answers ?? [{ asked: '.git', kind: 'git', id }];
  return [...own, ...repositoryAnswers(inputs, repositories)];
}

/** What of a task runs in a build: `command` and `name` do not. */
function buildParts({ before, init, prebuild, env }: Task): Json {
  return { before, init, prebuild, env };
}

function keyOf(kind: string, content: Json): Digest {
  return digestOf(canonicalJson({ kind, content }));
}
