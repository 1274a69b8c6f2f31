import type { Task, WorkspaceConfig } from '../config/workspace-config.ts';
import { canonicalJson, type Json } from '../kernel/canonical-json.ts';
import { digestOf, type Digest } from '../oci/digest.ts';
import type { PlanInputs, SourceFacts } from './plan-inputs.ts';

/** Raised when tasks would run differently for the same configuration; not with preheat's own version. */
const TASK_SEMANTICS = 1;

/** The two keys of the step that runs the tasks (`docs/ARCHITECTURE.md`, "Keys"). */
export interface StepKeys {
  /** Covers what is known before the step runs, its inputs left out. */
  readonly staticKey: Digest;
  /** The static key together with the answers of its inputs at this commit. */
  readonly contentKey: Digest;
  /** Whether any task has something to do in a build. */
  readonly hasWork: boolean;
}

/** Derives the keys of the tasks' step by the whole-tree rule. */
export function stepKeys(inputs: PlanInputs, facts: SourceFacts): StepKeys {
  const { config, settings } = inputs;
  const { base, platform } = facts;
  const staticKey = keyOf('step', {
    semantics: TASK_SEMANTICS,
    base: base.digest,
    platform,
    checkoutLocation: config.checkoutLocation,
    workspaceLocation: config.workspaceLocation,
    env: config.env,
    tasks: config.tasks.map((task) => buildParts(task)),
    secrets: secretNames(settings),
    // Without a network, or in one with a proxy of its own, tasks may make something else.
    network: settings.network,
  });
  const hasWork = config.tasks.some(isWork);
  const source = sourceIdentity(inputs, facts);
  return { staticKey, contentKey: keyOf('content', { staticKey, inputs: hasWork ? source : null }), hasWork };
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
    source: sourceIdentity(inputs, facts),
  });
}

/** Names alone: a token that was renewed changes nothing of what a task makes. */
function secretNames({ taskSecrets = [] }: PlanInputs['settings']): Json | undefined {
  return taskSecrets.length === 0 ? undefined : [...taskSecrets];
}

/**
 * A task can read `.git`, so without a trace the commit is an input, not its tree alone. The commit says which commits
 * its submodules are at, and the remote where they come from; which of them are laid down says the user.
 */
function sourceIdentity({ event }: PlanInputs, { commit }: SourceFacts): Json {
  const { id, tree, cut, submodules, lfs } = commit;
  const { remoteUrl } = event.repository;
  // An empty list is another thing than none: `.git/config` names those that stay empty.
  const laid = submodules?.filter((submodule) => submodule.laid).map(({ path }) => path);
  return { commit: id, tree, cut, submodules: laid, lfs, ref: event.ref, remoteUrl };
}

/** A part of nothing but white space runs nothing, and must not hide the part behind it. */
function isWork({ before, init, prebuild }: Task): boolean {
  return [before, init, prebuild].some((part) => part !== undefined && part.trim() !== '');
}

/** What of a task runs in a build: `command` and `name` do not. */
function buildParts({ before, init, prebuild, env }: Task): Json {
  return { before, init, prebuild, env };
}

function keyOf(kind: string, content: Json): Digest {
  return digestOf(canonicalJson({ kind, content }));
}
