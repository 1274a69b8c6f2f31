import { PreheatError } from '../../kernel/failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { findEntryOf } from './find-entry.ts';
import { runGit, saidBy, type GitPlace } from './git-command.ts';
import { isRegularFile } from './tree-object.ts';
import { withReaders, type ObjectReaders } from './object-readers.ts';

/** What `.gitmodules` says of one submodule (https://git-scm.com/docs/gitmodules). */
export interface Gitmodule {
  readonly name: string;
  readonly path: string;
  readonly url?: string;
  /** How it is brought up to date; `none` leaves its folder empty. */
  readonly update?: string;
}

const UPDATES = new Set(['checkout', 'rebase', 'merge', 'none']);

/**
 * The submodules that a commit's `.gitmodules` describes, by path. Of what is said twice the last counts, as for git.
 * Throws a `PreheatError` that names what git itself refuses: names and paths that lead elsewhere, commands.
 */
export async function readGitmodules(
  place: GitPlace,
  commit: string,
  { signal, readers: given }: CallOptions & { readonly readers?: ObjectReaders | undefined },
): Promise<ReadonlyMap<string, Gitmodule>> {
  const purpose = `read .gitmodules of commit ${commit.slice(0, 12)}`;
  const call = { signal, purpose };
  const entry = await withReaders(
    given,
    async (readers) => await findEntryOf(readers, place, commit, '.gitmodules', call),
  );
  if (entry === undefined) return new Map();
  const { mode, id } = entry;
  // CVE-2018-11235 and its kind: https://github.com/git/git/blob/v2.39.5/fsck.c (gitmodulesSymlink)
  if (!isRegularFile(mode)) throw refused(place, purpose, 'it is no regular file');
  const settings = await runGit(place, ['config', '--blob', id, '--list', '-z'], call).catch(
    (thrown: unknown) => {
      // The line before git's last names the one that it cannot read.
      const [, line] = /^error: (bad config .*) in blob/m.exec(saidBy(thrown)) ?? [];
      throw line === undefined ? thrown : refused(place, purpose, line);
    },
  );
  const text = new TextDecoder('utf-8', { ignoreBOM: true });
  const modules = gitmodulesIn(text.decode(settings));
  for (const module of modules.values()) {
    const fault = faultOf(module);
    if (fault !== undefined)
      throw refused(place, purpose, `submodule ${JSON.stringify(module.name)}: ${fault}`);
  }
  return modules;
}

function refused({ phase }: GitPlace, purpose: string, why: string): PreheatError {
  return new PreheatError(`cannot ${purpose}: ${why}`, {
    phase,
    hint: 'Mend .gitmodules, or give --submodules none to leave all submodules empty.',
  });
}

/** Takes `submodule.<name>.<key>\n<value>\0` apart. */
function gitmodulesIn(settings: string): ReadonlyMap<string, Gitmodule> {
  const named = new Map<string, Readonly<Record<string, string>>>();
  for (const setting of settings.split('\0')) {
    const [, name, key, value] = /^submodule\.(.*)\.(path|url|update)\n(.*)$/s.exec(setting) ?? [];
    if (name === undefined || key === undefined || value === undefined) continue;
    const before = named.get(name) ?? {};
    named.delete(name);
    named.set(name, { ...before, [key]: value });
  }
  const modules = [...named].flatMap(([name, { path, url, update }]) =>
    path === undefined
      ? []
      : [{ name, path, ...(url === undefined ? {} : { url }), ...(update === undefined ? {} : { update }) }],
  );
  return new Map(modules.map((module) => [module.path, module]));
}

/** The rules of git's own `check_submodule_name` and `parse_config` (submodule-config.c). */
function faultOf({ name, path, update }: Gitmodule): string | undefined {
  if (name === '' || name.split(/[/\\]/).includes('..')) return 'its name leads out of .git/modules';
  if (/^\/|\/$|\/\/|(?:^|\/)\.(?:\/|$)/.test(name)) return 'its name is no plain path';
  // eslint-disable-next-line no-control-regex -- these are what is looked for
  if (/[\0-\x1f\x7f\ufffd]/.test(name + path))
    return 'its name or path holds characters that no setting can hold';
  if (path.startsWith('-')) return `its path ${path} looks like an option`;
  return update === undefined || UPDATES.has(update) ? undefined : `its update is "${update}"`;
}
