import { PreheatError } from '../../kernel/failure.ts';
import { messageOf } from '../../kernel/failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import type { ConfigSection } from './config-text.ts';
import { runGit, type GitPlace } from './git-command.ts';
import { withoutPasswords } from './remote-url.ts';

/** What is laid down of files that Git LFS keeps elsewhere: the pointers that git has, or what they stand for. */
export type LfsMode = 'pointers' | 'contents';

/** What `git lfs install` writes, apart from where it writes it; `required` keeps contents from being committed. */
export const LFS_FILTER: ConfigSection = {
  name: 'filter',
  subsection: 'lfs',
  values: {
    clean: 'git-lfs clean -- %f',
    smudge: 'git-lfs smudge -- %f',
    process: 'git-lfs filter-process',
    required: 'true',
  },
};

/**
 * What a repository needs in its configuration, while it is checked out, to fetch contents into `storage` where the
 * clone does not have them. Given on the command line, it would hold for a remote on this machine too.
 */
export function lfsSettings(storage: string): readonly ConfigSection[] {
  // A repository may ask for pointers where contents are missing (`skipDownloadErrors` in .lfsconfig). What is laid must
  // not depend on what a server had to give.
  const values = { storage, concurrentTransfers: '4', skipDownloadErrors: 'false' };
  return [LFS_FILTER, { name: 'lfs', values }];
}

/** The same for what the environment may ask of git-lfs. */
export const LFS_ENVIRONMENT = { GIT_LFS_SKIP_SMUDGE: '0', GIT_LFS_SKIP_DOWNLOAD_ERRORS: '0' } as const;

/** How many files of a checkout are Git LFS's by their attributes. */
export async function countLfsFiles(place: GitPlace, { signal }: CallOptions): Promise<number> {
  const asking = { ...place, environment: { ...place.environment, GIT_LITERAL_PATHSPECS: '0' } };
  const purpose = 'look for Git LFS files';
  const mentioned = await runGit(asking, ['ls-files', '-z', ':(glob)**/.gitattributes'], { signal, purpose });
  if (mentioned.length === 0) return 0;
  const listed = await runGit(asking, ['ls-files', '-z', ':(attr:filter=lfs)'], { signal, purpose });
  return listed.reduce((count, byte) => (byte === 0 ? count + 1 : count), 0);
}

/** What contents are told as that did not come in time. */
export function lfsNotInTime({ phase }: GitPlace, milliseconds: number): PreheatError {
  const why = `they did not come within ${milliseconds / 1000} s`;
  return new PreheatError(`cannot lay down the Git LFS contents: ${why}`, {
    phase,
    code: 'unreachable',
    hint: 'Let the clone fetch them (lfs: true under clone:), or give --lfs pointers.',
  });
}

/** What a checkout that failed in git-lfs is told as; other failures stay as they are. */
export async function toLfsFailure(
  thrown: unknown,
  place: GitPlace,
  said: string,
  { signal }: CallOptions,
): Promise<unknown> {
  if (!(thrown instanceof PreheatError) || !/git-lfs|filter '?lfs'?|smudge/i.test(said)) return thrown;
  const { phase } = place;
  const isThere = await runGit(place, ['lfs', 'version'], {
    signal,
    purpose: 'ask git-lfs for its version',
  }).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    return new PreheatError('cannot lay down Git LFS contents: there is no program "git-lfs"', {
      phase,
      hint: 'Install git-lfs (Debian: apt-get install git-lfs), or give --lfs pointers.',
      cause: thrown,
    });
  }
  const file = /(?:fatal|error): (.*): smudge filter lfs failed/.exec(said)?.[1];
  const line = said.split('\n').find((each) => /error|not exist|missing|40[134]|refused|no such/i.test(each));
  const why = withoutPasswords(line ?? messageOf(thrown)).trim();
  return new PreheatError(
    `cannot lay down the Git LFS contents${file === undefined ? '' : ` of ${file}`}: ${why}`,
    {
      phase,
      code: 'not-found',
      hint: 'Push the object (git lfs push --all), let the clone fetch it (lfs: true under clone:), or give --lfs pointers.',
      cause: thrown,
    },
  );
}
