import type { CallOptions } from '../../oci/content-store.ts';
import type { ContextEntry } from '../dockerfile/context-tree.ts';
import { inputsDigest } from '../dockerfile/inputs-digest.ts';
import type { InputAnswer } from '../input-answer.ts';
import { hasNamed } from '../../kernel/tree-lookup.ts';
import type { FoundInput } from './found-input.ts';
import type { InputSources } from './input-sources.ts';
import { SUBMODULE, type TreePaths } from './tree-paths.ts';

/** Groups of more members are told by their digest alone, so that records stay small. */
const MOST_MEMBERS = 200;

/** What an entry has beside mode and id: attributes; of a submodule, whether its files are laid down. */
type Describe = (entry: ContextEntry) => string | undefined;

/** Makes answers of what was found, each once, in the order of what was asked. */
export async function describeFound(
  found: readonly FoundInput[],
  paths: TreePaths,
  sources: InputSources,
  options: CallOptions,
): Promise<readonly InputAnswer[]> {
  const describe = await describer(found, paths, sources, options);
  const answers = found.map((one) => answerOf(one, describe));
  return [...new Map(answers.map((answer) => [`${answer.kind} ${answer.asked}`, answer])).values()].toSorted(
    (a, b) => byText(a.asked, b.asked) || byText(a.kind, b.kind),
  );
}

/** Attributes cost an index of the commit, which a commit without any is spared. */
async function describer(
  found: readonly FoundInput[],
  { listing }: TreePaths,
  { tree, commit }: InputSources,
  options: CallOptions,
): Promise<Describe> {
  const laid = new Set(commit.submodules?.filter((submodule) => submodule.laid).map(({ path }) => path));
  const asked = found.flatMap((one) => ('entry' in one ? [one.entry] : 'members' in one ? one.members : []));
  const hasAny = hasNamed(listing, '.gitattributes');
  const paths = hasAny ? [...new Set(asked.map(({ path }) => path))] : [];
  const attributes = await tree.attributes(commit.id, paths, options);
  return ({ path, mode }) => {
    if (mode !== SUBMODULE) return attributes.get(path);
    return laid.has(Buffer.from(path, 'latin1').toString('utf8')) ? 'laid' : 'empty';
  };
}

function answerOf(found: FoundInput, describe: Describe): InputAnswer {
  if ('members' in found) return groupAnswer(found, describe);
  if (!('entry' in found)) return found;
  const { asked, kind, entry } = found;
  const attributes = describe(entry);
  const mode = kind === 'file' ? { mode: entry.mode.toString(8) } : {};
  return { asked, kind, ...mode, id: entry.id, ...(attributes !== undefined && { attributes }) };
}

function groupAnswer(
  { asked, kind, members }: Extract<FoundInput, { readonly members: unknown }>,
  describe: Describe,
): InputAnswer {
  if (kind === 'names') {
    const nameless = members.map((entry) => ({ ...entry, id: '' }));
    return { asked, kind, id: inputsDigest(nameless, () => undefined) };
  }
  const described = new Map(members.map((entry) => [entry.path, describe(entry)]));
  const id = inputsDigest(members, (path) => described.get(path));
  return {
    asked,
    kind,
    id,
    ...(members.length <= MOST_MEMBERS && { members: membersOf(members, describe) }),
  };
}

function membersOf(members: readonly ContextEntry[], describe: Describe): [string, string][] {
  return members
    .map((entry): [string, string] => {
      const words = [entry.mode.toString(8), entry.id, describe(entry)];
      return [entry.path, words.filter((word) => word !== undefined).join(' ')];
    })
    .toSorted(([a], [b]) => byText(a, b));
}

function byText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
