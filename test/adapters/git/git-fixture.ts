import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const WHO = { NAME: 'A', EMAIL: 'a@example.com', DATE: '1700000000 +0000' };
const SECOND = 1000;

/** The environment in which tests run git: nothing of the machine's configuration, and the same people and times. */
export function gitEnv(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const who = Object.entries(WHO).flatMap(([key, value]) => [
    [`GIT_AUTHOR_${key}`, value],
    [`GIT_COMMITTER_${key}`, value],
  ]);
  return {
    PATH: process.env['PATH'],
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    ...Object.fromEntries(who),
    ...more,
  };
}

/** Runs a program and gives its output as latin1 text; fails the test when the program fails. */
export function run(
  command: readonly [string, ...string[]],
  options: { cwd?: string; input?: string | Uint8Array; env?: NodeJS.ProcessEnv } = {},
): string {
  const [program, ...args] = command;
  const result = spawnSync(program, args, { env: gitEnv(), maxBuffer: 2 ** 28, ...options });
  assert.equal(result.status, 0, `${command.join(' ')}: ${result.error ?? result.stderr.toString('utf8')}`);
  return result.stdout.toString('latin1');
}

/** A temporary folder; disposing of it removes it. */
export async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'git-test-')));
  return { path, [Symbol.asyncDispose]: async () => await rm(path, { recursive: true, force: true }) };
}

/** A file of a test's repository: its text or bytes, or where a link leads. */
export type Content = string | Uint8Array | { readonly link: string } | { readonly script: string };

/** A repository in a temporary folder. Paths are raw bytes as latin1 text. */
export interface TestRepository extends AsyncDisposable {
  readonly path: string;
  git(...args: readonly string[]): string;
  write(files: Readonly<Record<string, Content>>): Promise<void>;
  /** Writes files, commits everything and gives the commit's id; each commit is a second younger than the last. */
  commit(files?: Readonly<Record<string, Content>>): Promise<string>;
}

/** Makes an empty repository with `main` checked out. */
export async function createRepository(...initArgs: readonly string[]): Promise<TestRepository> {
  const folder = await temporaryFolder();
  const { path } = folder;
  let commits = 0;
  const git = (...args: readonly string[]): string => {
    const date = `${1_700_000_000 + commits} +0000`;
    const env = gitEnv({ GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date });
    return run(['git', ...args], { cwd: path, env }).trimEnd();
  };
  git('init', '--quiet', '--initial-branch=main', ...initArgs, '.');
  const write = async (files: Readonly<Record<string, Content>>): Promise<void> => {
    for (const [name, content] of Object.entries(files)) await writeContent(rawPath(path, name), content);
  };
  return {
    path,
    git,
    write,
    async commit(files = {}) {
      commits++;
      await write(files);
      git('add', '--all');
      git('commit', '--quiet', '--allow-empty', '--message', `commit ${commits}`);
      return git('rev-parse', 'HEAD');
    },
    [Symbol.asyncDispose]: async () => await folder[Symbol.asyncDispose](),
  };
}

/** The path of something whose name below `top` is raw bytes as latin1 text. */
export function rawPath(top: string, path: string): Buffer {
  return Buffer.concat([Buffer.from(`${top}/`), Buffer.from(path, 'latin1')]);
}

async function writeContent(file: Buffer, content: Content): Promise<void> {
  await mkdir(Buffer.from(dirname(file.toString('latin1')), 'latin1'), { recursive: true });
  await rm(file, { force: true });
  if (typeof content === 'string' || content instanceof Uint8Array) await writeFile(file, content);
  else if ('link' in content) await symlink(Buffer.from(content.link, 'latin1'), file);
  else {
    await writeFile(file, content.script);
    await chmod(file, 0o755);
  }
}

/** A signal that nobody aborts, but that ends what hangs. */
export function untilLong(): { readonly signal: AbortSignal } {
  return { signal: AbortSignal.timeout(100 * SECOND) };
}

/** Files whose checkout is not simply their content: modes, links, odd names, attributes. */
export const ODD_FILES: Readonly<Record<string, Content>> = {
  '.gitattributes': [
    '*.crlf text eol=crlf',
    '*.txt text',
    '*.id ident',
    'secret.txt export-ignore',
    'version.txt export-subst',
    '*.u16 text working-tree-encoding=UTF-16LE',
    '*.lfs filter=lfs diff=lfs merge=lfs -text',
    '',
  ].join('\n'),
  '.gitignore': '/ignored\n',
  'README.md': '# Hello\n',
  'bin/run.sh': { script: '#!/bin/sh\necho hi\n' },
  'bin/link to run': { link: 'run.sh' },
  dangling: { link: 'no/where\xff' },
  empty: '',
  a: 'file a\n',
  'a-b/c': 'sorts before a/ would\n',
  'dir with space/new\nline': 'newline\n',
  'dir with space/caf\xe9': 'latin1 name\n',
  'dir with space/\xff\xfe': 'no utf-8 at all\n',
  'deep/er/and/deeper/file.txt': 'text\n',
  'win.crlf': 'one\ntwo\n',
  'mixed.txt': 'one\r\ntwo\n',
  'keyword.id': 'this is $Id$\n',
  'secret.txt': 'not in archives\n',
  'version.txt': '$Format:%H$\n',
  'wide.u16': Buffer.from('wide\n', 'utf16le'),
  'pointer.lfs': 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n',
  'binary.bin': Buffer.from(Array.from({ length: 3000 }, (_, at) => (at * 7) % 256)),
};
