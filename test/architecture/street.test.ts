import assert from 'node:assert/strict';
import { glob, mkdir, mkdtempDisposable, readFile, symlink, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { cruise, root } from './cruise.ts';
import { ground, laterRecords, plants } from './plants.ts';

const records = [
  'event/push-event.ts',
  'config/workspace-config.ts',
  'observe/facts.ts',
  'observe/input-answer.ts',
  'observe/step-hint.ts',
  'observe/base-pins.ts',
  'observe/dockerfile-facts.ts',
  'observe/observed-base.ts',
  'observe/step-record.ts',
  'plan/base-decision.ts',
  'plan/build-plan.ts',
  'build/step-result.ts',
  'assemble/workspace-image.ts',
  'publish/publication.ts',
  'report/outcome.ts',
];

describe('the street', () => {
  it('is kept by every module of src and pipe', async () => {
    const folders = ['src', 'pipe'].filter((folder) => existsSync(join(root, folder)));
    const { modules, violations } = await cruise(root, folders);
    assert.deepEqual(violations, []);
    const files = await Array.fromAsync(glob('{src,pipe}/**/*.ts', { cwd: root }));
    // A compiler that dependency-cruiser cannot load makes it cruise nothing and report success.
    assert.deepEqual(
      files.filter((file) => !modules.includes(file)),
      [],
    );
    assert.ok(files.length > 100, `${files.length} files are fewer than src has had`);
  });

  it('has a plant for every rule, and finds each', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'preheat-street-'));
    await plant(folder.path);
    const { violations } = await cruise(folder.path, ['src', 'pipe', 'image']);
    const config = JSON.parse(await readFile(join(root, '.dependency-cruiser.json'), 'utf8')) as {
      readonly forbidden: readonly { readonly name: string }[];
    };
    for (const { name } of config.forbidden) {
      const found = violations.filter(({ rule }) => rule === name).map(({ from }) => from);
      assert.ok(
        found.includes(plants.get(name)?.[0] ?? ''),
        `${name} finds its plant, not only ${found.join(', ')}`,
      );
    }
    assert.deepEqual(
      violations.filter(({ from }) => from.includes('innocent') || from.endsWith('deliver.ts')),
      [],
    );
  });
});

describe('a record', () => {
  // The rule `stage-calls-no-stage` lets later records import these files, so they must hold nothing to call.
  for (const file of records) {
    it(`of ${file} exports schemas and types only`, async () => {
      const exported = (await import(join(root, 'src', file))) as Readonly<Record<string, unknown>>;
      assert.ok(Object.keys(exported).length > 0);
      for (const [name, value] of Object.entries(exported)) assert.ok(value instanceof z.ZodType, name);
    });
  }
});

async function plant(folder: string): Promise<void> {
  for (const [file, text] of ground) await lay(folder, file, text);
  for (const [file, line] of plants.values()) await lay(folder, file, line);
  for (const file of laterRecords) await lay(folder, file, 'export type R = string;');
  await lay(folder, 'tsconfig.json', '{}');
  await lay(folder, 'package.json', await readFile(join(root, 'package.json'), 'utf8'));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
}

async function lay(folder: string, file: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), `${text}\n`);
}
