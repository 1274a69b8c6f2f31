import { openContextTree } from '../../../src/adapters/git/context-tree.ts';
import { openRepository } from '../../../src/adapters/git/repository.ts';
import type { InputAnswer } from '../../../src/observe/input-answer.ts';
import { answerInputs } from '../../../src/observe/inputs/answer-inputs.ts';
import type { InputSources } from '../../../src/observe/inputs/input-sources.ts';
import { untilLong, type TestRepository } from '../../adapters/git/git-fixture.ts';

/** What inputs are answered from at a commit of a test's repository; `.git` is made from the commit alone. */
export async function sourcesAt(repository: TestRepository, commit: string): Promise<InputSources> {
  const options = { ...untilLong(), historyDepth: 50 };
  const facts = await openRepository(repository.path).resolveCommit(commit, options);
  if (facts === undefined) throw new Error(`no commit ${commit}`);
  const laid = { git: facts.id, gitConfig: 'config', own: 'own' };
  return { tree: openContextTree(repository.path), commit: facts, laid };
}

/** The answers of a test's repository, by default at its last commit. */
export async function answersAt(
  repository: TestRepository,
  inputs: readonly string[],
  commit = 'HEAD',
): Promise<readonly InputAnswer[]> {
  return await answerInputs(inputs, await sourcesAt(repository, commit), untilLong());
}
