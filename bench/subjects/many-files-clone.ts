import { Readable } from 'node:stream';
import { execa } from 'execa';
import { makeClone, type TestClone } from '../../test/support/clone.ts';

/** How many files it has beside its `.gitpod.yml`. */
export const MANY_FILES = 100_000;
/** What `git fast-import` reads: https://git-scm.com/docs/git-fast-import */
const HEAD =
  'commit refs/heads/main\ncommitter T <t@example.org> 1700000000 +0000\ndata 5\nfirst\nfrom refs/heads/main^0\n';

/** A clone with 100,000 small tracked files of 250 MB together, and a task that leaves next to nothing. */
export async function manyFilesClone(image: string): Promise<TestClone> {
  const clone = await makeClone({
    '.gitpod.yml': `image: ${image}\ntasks:\n  # preheat: inputs=.gitpod.yml\n  - init: echo built > /opt/built\n`,
  });
  const options = { cwd: clone.directory, input: Readable.from(history()) };
  await execa('git', ['fast-import', '--quiet'], options);
  await clone.git('reset', '--quiet', '--hard');
  return clone;
}

function* history(): Generator<string> {
  yield HEAD;
  for (let number = 0; number < MANY_FILES; number++) {
    const text = contentOf(number);
    yield `M 100644 inline ${pathOf(number)}\ndata ${text.length}\n${text}\n`;
  }
}

function pathOf(number: number): string {
  const folder = `packages/p${number % 100}/src/module${Math.floor(number / 100) % 50}`;
  return `${folder}/component-${number}.ts`;
}

/** Between 0.3 and 4.7 KB of text, the same in every run. */
function contentOf(number: number): string {
  const lines = 10 + ((number * 7919) % 151);
  return Array.from(
    { length: lines },
    (_, line) => `const v${line} = ${(number * 31 + line * line).toString(36)};\n`,
  ).join('');
}
