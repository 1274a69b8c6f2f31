import { cp, mkdtempDisposable, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeClone, type TestClone } from '../../test/support/clone.ts';

const EXAMPLES = fileURLToPath(new URL('../../examples', import.meta.url));
/** What somebody built in an example. */
const BUILT = new Set(['node_modules', 'dist', 'build', '.preheat']);

/** An example as a repository of its own, in which `base` has another name. */
export async function exampleClone(name: string, base: string, newName: string): Promise<TestClone> {
  await using copy = await mkdtempDisposable(join(tmpdir(), 'preheat-example-'));
  const example = join(EXAMPLES, name);
  const filter = (path: string): boolean =>
    !path
      .slice(example.length)
      .split(sep)
      .some((part) => BUILT.has(part));
  await cp(example, copy.path, { recursive: true, filter });
  const entries = await readdir(copy.path, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const files = paths.map(async (path) => {
    const text = await readFile(path, 'utf8');
    return [path.slice(copy.path.length + 1), renamed(text, base, newName)] as const;
  });
  return await makeClone(Object.fromEntries(await Promise.all(files)), name);
}

/** Only what names an image: `image:` of a `.gitpod.yml`, `FROM` of a Dockerfile. */
function renamed(text: string, base: string, newName: string): string {
  return text
    .replaceAll(`image: ${base}\n`, `image: ${newName}\n`)
    .replaceAll(`FROM ${base}\n`, `FROM ${newName}\n`);
}
