import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckoutRequest } from '../../build/source-tree.ts';
import { configText, type ConfigSection } from './config-text.ts';
import type { ObjectFormat } from './index-file.ts';

/** What tools expect beside what git needs: hook installers write into `hooks` without making it. */
const FOLDERS = ['hooks', 'info', 'objects/info', 'objects/pack', 'refs/heads', 'refs/tags'];

/** What the `.git` of a checkout is made from, beside objects and index. */
export interface GitFolder extends Pick<CheckoutRequest, 'commit' | 'ref' | 'remoteUrl'> {
  readonly format: ObjectFormat;
  /** The commits behind which history is cut; none for a whole one. */
  readonly shallow: readonly string[];
  /** For a git folder that lies elsewhere than in its checkout: where that is, as seen from it. */
  readonly worktree?: string;
}

/**
 * Writes the files of a `.git` with our own hands rather than by `git init`, so that each byte follows from the
 * request:
 * no template, no probing of the file system, no reflogs.
 */
export async function writeGitFolder(folder: string, content: GitFolder): Promise<void> {
  for (const name of FOLDERS) await mkdir(join(folder, name), { recursive: true });
  for (const [name, text] of Object.entries(filesOf(content))) {
    if (text !== '') await writeFile(join(folder, name), text);
  }
}

function filesOf(content: GitFolder): Readonly<Record<string, string>> {
  const { commit, ref, remoteUrl, shallow } = content;
  const refs = ref.kind !== 'branch' ? [] : [`refs/heads/${ref.name}`];
  if (ref.kind === 'branch' && remoteUrl !== undefined) refs.push(`refs/remotes/origin/${ref.name}`);
  return {
    HEAD: ref.kind === 'branch' ? `ref: refs/heads/${ref.name}\n` : `${commit}\n`,
    config: configText(sectionsOf(content)),
    'packed-refs': refs.length === 0 ? '' : packedRefs(refs, commit),
    shallow: shallow.map((id) => `${id}\n`).join(''),
  };
}

/** `git pack-refs` writes this header; with it git neither sorts nor looks for tags to peel. */
function packedRefs(refs: readonly string[], commit: string): string {
  return `# pack-refs with: peeled fully-peeled sorted \n${refs.map((ref) => `${commit} ${ref}\n`).join('')}`;
}

function sectionsOf({ ref, remoteUrl, format, worktree }: GitFolder): readonly ConfigSection[] {
  const core = {
    ...(worktree === undefined ? {} : { worktree }),
    filemode: 'true',
    bare: 'false',
    logallrefupdates: 'true',
    checkStat: 'minimal',
  };
  const sections: ConfigSection[] = [
    { name: 'core', values: { repositoryformatversion: format === 'sha1' ? '0' : '1', ...core } },
  ];
  if (format === 'sha256') sections.push({ name: 'extensions', values: { objectFormat: format } });
  if (remoteUrl === undefined) return sections;
  const fetch = '+refs/heads/*:refs/remotes/origin/*';
  sections.push({ name: 'remote', subsection: 'origin', values: { url: remoteUrl, fetch } });
  if (ref.kind === 'branch') {
    const values = { remote: 'origin', merge: `refs/heads/${ref.name}` };
    sections.push({ name: 'branch', subsection: ref.name, values });
  }
  return sections;
}
