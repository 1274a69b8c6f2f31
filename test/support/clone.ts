import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { execa } from 'execa';

/** A git clone in a temporary folder that goes away with it. */
export interface TestClone extends AsyncDisposable {
  readonly directory: string;
  /** Commits these files (path → text) on top of what is there and returns the commit's id. */
  commit(files: Readonly<Record<string, string>>, message?: string): Promise<string>;
  /** Runs git in the clone and returns what it printed. */
  git(...words: readonly string[]): Promise<string>;
}

const AUTHOR = {
  GIT_AUTHOR_NAME: 'T',
  GIT_AUTHOR_EMAIL: 't@example.org',
  GIT_COMMITTER_NAME: 'T',
  GIT_COMMITTER_EMAIL: 't@example.org',
};

/** Makes a repository on branch `main`; `name` names its folder, and so the repository. */
export async function makeClone(files: Readonly<Record<string, string>>, name = 'app'): Promise<TestClone> {
  const parent = await mkdtemp(join(tmpdir(), 'preheat-clone-'));
  const directory = join(parent, basename(name));
  await mkdir(directory);
  const clone = cloneIn(parent, directory);
  await clone.git('init', '--quiet', '--initial-branch=main');
  await clone.commit(files, 'Begin');
  return clone;
}

/** The clone in a folder; `parent` goes with it. */
export function cloneIn(parent: string, directory: string): TestClone {
  const git = async (...words: readonly string[]): Promise<string> => {
    const { stdout } = await execa('git', words, { cwd: directory, env: AUTHOR });
    return stdout;
  };
  const commit = async (changed: Readonly<Record<string, string>>, message = 'Change'): Promise<string> => {
    for (const [path, text] of Object.entries(changed)) {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await writeFile(join(directory, path), text);
    }
    await git('add', '--all');
    await git('commit', '--quiet', '--allow-empty', '--message', message);
    return git('rev-parse', 'HEAD');
  };
  return {
    directory,
    commit,
    git,
    [Symbol.asyncDispose]: () => rm(parent, { recursive: true, force: true }),
  };
}
