import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { makeClone, type TestClone } from '../support/clone.ts';
import { openWarmWorkspace, type WarmWorkspace } from '../support/warm-workspace.ts';

/** What a compilation for ES5 needs of the TypeScript that tests are checked with. */
const COMPILER = ['tsc.js', '_tsc.js', 'lib.es5.d.ts', 'lib.decorators.d.ts', 'lib.decorators.legacy.d.ts'];
const TSC = 'node tools/lib/tsc.js';

const TSCONFIG = {
  compilerOptions: {
    incremental: true,
    lib: ['es5'],
    module: 'esnext',
    moduleResolution: 'bundler',
    outDir: 'dist',
    rootDir: 'src',
    types: [],
  },
  include: ['src'],
};

async function compiler(): Promise<Readonly<Record<string, string>>> {
  const folder = dirname(createRequire(import.meta.url).resolve('typescript'));
  const files = COMPILER.map(
    async (name) => [`tools/lib/${name}`, await readFile(join(folder, name), 'utf8')] as const,
  );
  return Object.fromEntries(await Promise.all(files));
}

describe('a warm workspace of a project in TypeScript', () => {
  let clone: TestClone;
  let warm: WarmWorkspace;
  const inside = (line: string): Promise<string> => warm.inside(line);

  before(async function setUp() {
    this.timeout(300_000);
    const files = {
      '.gitpod.yml': `image: node:24-bookworm\ntasks:\n  - init: ${TSC} --build\n`,
      '.gitignore': 'dist/\n*.tsbuildinfo\n',
      'package.json': '{ "private": true }\n',
      'tsconfig.json': JSON.stringify(TSCONFIG),
      'src/greeting.ts': "export const greeting: string = 'hello';\n",
      'src/main.ts':
        "import { greeting } from './greeting';\nexport const length: number = greeting.length;\n",
    };
    clone = await makeClone({ ...files, ...(await compiler()) }, `warm-tsc-${process.pid}`);
    warm = await openWarmWorkspace(clone);
  });
  after(async () => {
    await warm[Symbol.asyncDispose]();
    await clone[Symbol.asyncDispose]();
  });

  it('is up to date for tsc --build, which goes by times', async () => {
    assert.match(await inside(`${TSC} --build --verbose`), /Project 'tsconfig\.json' is up to date/);
  });

  it('emits nothing for tsc --incremental', async () => {
    assert.equal(await inside(`ls dist`), 'greeting.js\nmain.js');
    const before = await inside('stat --format="%n %y" dist/*');
    assert.equal(await inside(`${TSC} --project . --listEmittedFiles`), '');
    assert.equal(await inside('stat --format="%n %y" dist/*'), before);
  });

  it('emits what depends on a change', async () => {
    const change = 'echo "export const greeting: string = \'hi\';" > src/greeting.ts';
    assert.match(
      await inside(`${change}; ${TSC} --project . --listEmittedFiles`),
      /TSFILE: .*dist\/greeting\.js/,
    );
    assert.equal(await inside('git status --porcelain'), ' M src/greeting.ts');
  });
});
