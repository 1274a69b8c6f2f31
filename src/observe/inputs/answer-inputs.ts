import type { CallOptions } from '../../oci/content-store.ts';
import type { InputAnswer } from '../input-answer.ts';
import { entriesBelow } from '../../kernel/tree-lookup.ts';
import { describeFound } from './describe-found.ts';
import { foundAt, type FoundInput } from './found-input.ts';
import { isPattern, matcherOf } from './input-pattern.ts';
import type { InputSources } from './input-sources.ts';
import { treePaths, type TreePaths } from './tree-paths.ts';

/**
 * Answers each input (a path, a pattern, `.` or `.git`) from the commit's objects, without a checkout. A link that a path
 * meets is an answer of its own, beside that of what it leads to; what lies behind links within groups is not looked at.
 */
export async function answerInputs(
  inputs: readonly string[],
  sources: InputSources,
  options: CallOptions,
): Promise<readonly InputAnswer[]> {
  const paths = treePaths(await sources.tree.listAll(sources.commit.id, options));
  const found: FoundInput[] = [];
  for (const input of inputs) found.push(...(await find(input, paths, sources, options)));
  return await describeFound(found, paths, sources, options);
}

async function find(
  input: string,
  paths: TreePaths,
  { tree, laid }: InputSources,
  options: CallOptions,
): Promise<readonly FoundInput[]> {
  if (input === '.git') return [{ asked: input, kind: 'git', id: laid.git }];
  const asked = Buffer.from(input).toString('latin1');
  if (isPattern(input)) {
    const matches = matcherOf(input);
    const members = entriesBelow(paths.listing, '').filter(({ path }) => matches(path));
    return [{ asked, kind: 'matches', members: [...members] }];
  }
  const { links, end } = await paths.reach(asked, async ({ id }) => await tree.readLink(id, options));
  const met = links.map((entry): FoundInput => ({ asked: entry.path, kind: 'link', entry }));
  return [...met, foundAt(asked, end, paths)];
}
