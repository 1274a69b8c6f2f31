import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { PreheatError } from '../../kernel/failure.ts';
import type { CallOptions } from '../../oci/content-store.ts';
import { runGit, type GitPlace } from './git-command.ts';

/** No pointer is longer (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md). */
const POINTER_BYTES = 1024;
const POINTER = /^version https:\/\/[^\n]*\/spec\/v\d+\n(?:.*\n)*?oid sha256:([0-9a-f]{64})\n/;
/** Of a file that went through an extension, the pointer names what came out of it. */
const EXTENDED = /^ext-\d/m;

/** A file that a pointer stands for; its path is raw bytes as latin1 text. */
interface LfsFile {
  readonly path: string;
  readonly object: string;
}

/**
 * Compares each file of Git LFS that was laid in a checkout with the SHA-256 that its pointer names: git-lfs takes what lies in
 * the clone by its size alone. Files that are no pointers in the commit, and those that git-lfs was told to leave as
 * pointers (`lfs.fetchexclude`), are as they should be. Throws a `PreheatError` with code `corrupt` that names the file.
 */
export async function verifyLfsFiles(
  place: GitPlace,
  isLaid: (path: string) => boolean,
  { signal }: CallOptions,
): Promise<void> {
  const files = (await lfsFiles(place, { signal })).filter(({ path }) => isLaid(path));
  const pointers = await readPointers(place, new Set(files.map(({ object }) => object)), { signal });
  for (const { path, object } of files) {
    const pointer = pointers.get(object);
    const expected = pointer === undefined || EXTENDED.test(pointer) ? undefined : POINTER.exec(pointer)?.[1];
    if (expected === undefined || pointer === undefined) continue;
    const found = await digestOfFile(`${place.directory}/`, path, { signal });
    if (found !== expected && found !== sha256(pointer)) throw corrupt(place, path);
  }
}

async function lfsFiles(place: GitPlace, { signal }: CallOptions): Promise<readonly LfsFile[]> {
  const asking = { ...place, environment: { ...place.environment, GIT_LITERAL_PATHSPECS: '0' } };
  const words = ['ls-files', '--stage', '-z', ':(attr:filter=lfs)'];
  const listed = await runGit(asking, words, { signal, purpose: 'look for Git LFS files' });
  const lines = listed.toString('latin1').matchAll(/100\d{3} ([0-9a-f]+) 0\t([^\0]+)\0/g);
  return [...lines].map(([, object = '', path = '']) => ({ object, path }));
}

/** The texts of those objects that are short enough for pointers. */
async function readPointers(
  place: GitPlace,
  objects: ReadonlySet<string>,
  { signal }: CallOptions,
): Promise<ReadonlyMap<string, string>> {
  const ask = async (form: string, ids: readonly string[]): Promise<string> => {
    const input = ids.map((id) => `${id}\n`).join('');
    const call = { signal, purpose: 'read the pointers of Git LFS', input };
    return (await runGit(place, ['cat-file', form], call)).toString('latin1');
  };
  const sizes = await ask('--batch-check=%(objectname) %(objectsize)', [...objects]);
  const short = sizes
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, size]) => size !== undefined && Number(size) <= POINTER_BYTES)
    .map(([id = '']) => id);
  return short.length === 0 ? new Map() : pointersIn(await ask('--batch', short));
}

/** Takes `<id> blob <size>\n<content>\n` apart. */
function pointersIn(answer: string): ReadonlyMap<string, string> {
  const pointers = new Map<string, string>();
  for (let at = 0; at < answer.length;) {
    const end = answer.indexOf('\n', at);
    const [id = '', , size = ''] = answer.slice(at, end).split(' ');
    pointers.set(id, answer.slice(end + 1, end + 1 + Number(size)));
    at = end + 1 + Number(size) + 1;
  }
  return pointers;
}

async function digestOfFile(top: string, path: string, { signal }: CallOptions): Promise<string> {
  const digest = createHash('sha256');
  const file = Buffer.concat([Buffer.from(top), Buffer.from(path, 'latin1')]);
  await pipeline(createReadStream(file), digest, { signal });
  return digest.digest('hex');
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'latin1').digest('hex');
}

function corrupt({ phase }: GitPlace, path: string): PreheatError {
  const name = Buffer.from(path, 'latin1').toString('utf8');
  return new PreheatError(
    `cannot lay down the Git LFS contents of ${name}: they are not those that its pointer names`,
    {
      phase,
      code: 'corrupt',
      hint: 'Run git lfs fsck in the clone, which sets broken objects aside, and then git lfs fetch.',
    },
  );
}
