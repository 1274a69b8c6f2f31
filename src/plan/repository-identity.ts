import { canonicalJson, type Json } from '../kernel/canonical-json.ts';
import type { InputAnswer } from '../observe/input-answer.ts';
import type { RepositoryFacts } from '../observe/repository-facts.ts';
import { digestOf } from '../oci/digest.ts';
import type { PlanInputs } from './plan-inputs.ts';

/**
 * What the repositories beside the pushed one are to the step that runs the tasks, an answer for each, whatever else is
 * declared: the commit, and a digest of all else that its layer follows from. What their settings are says the static key.
 */
export function repositoryAnswers(
  { settings }: Pick<PlanInputs, 'settings'>,
  repositories: readonly RepositoryFacts[] = [],
): readonly InputAnswer[] {
  return repositories.map(({ location, commit, url, ref }) => {
    const attributes = digestOf(canonicalJson({ url, ref, laying: settings.laying }));
    return { asked: Buffer.from(location).toString('latin1'), kind: 'repository', id: commit, attributes };
  });
}

/** The same as a part of keys; absent where there are none, so that other keys stay as they were. */
export function repositoriesPart(
  inputs: Pick<PlanInputs, 'settings'>,
  repositories: readonly RepositoryFacts[] = [],
): { readonly repositories?: Json } {
  const answers = repositoryAnswers(inputs, repositories);
  return answers.length === 0 ? {} : { repositories: answers.map((answer) => ({ ...answer })) };
}
