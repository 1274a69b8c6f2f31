import { canonicalJson, type Json } from '../kernel/canonical-json.ts';
import type { CommitFacts } from '../observe/facts.ts';
import type { LaidIdentities } from '../observe/inputs/input-sources.ts';
import { digestOf } from '../oci/digest.ts';
import type { PlanInputs } from './plan-inputs.ts';

/**
 * A task can read `.git`, so without a trace or a declaration the commit is an input, not its tree alone. The commit says
 * which commits its submodules are at, and the remote where they come from; which of them are laid down says the user.
 */
export function sourceIdentity(
  { event }: PlanInputs,
  commit: CommitFacts,
): { readonly [name: string]: Json | undefined } {
  const { id, tree, cut, submodules, lfs } = commit;
  const { remoteUrl } = event.repository;
  // An empty list is another thing than none: `.git/config` names those that stay empty.
  const laid = submodules?.filter((submodule) => submodule.laid).map(({ path }) => path);
  return { commit: id, tree, cut, submodules: laid, lfs, ref: event.ref, remoteUrl };
}

/** Digests of what a checkout holds beside the files of its commit. */
export function laidIdentities(inputs: PlanInputs, commit: CommitFacts): LaidIdentities {
  const git = digestOf(canonicalJson(sourceIdentity(inputs, commit)));
  const { ref, repository } = inputs.event;
  // Submodules and Git LFS add sections that follow from the commit.
  const isPlain = commit.submodules === undefined && commit.lfs === undefined;
  const config = digestOf(canonicalJson({ ref, remoteUrl: repository.remoteUrl }));
  return { git, gitConfig: isPlain ? config : git, own: inputs.settings.runtimeDigest };
}
