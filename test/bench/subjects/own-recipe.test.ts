import assert from 'node:assert/strict';
import { editablePaths } from '../../../bench/subjects/editable-paths.ts';
import { ownRecipe } from '../../../bench/subjects/own-recipe.ts';
import type { WorkspaceConfig } from '../../../src/config/workspace-config.ts';
import { CONFIG } from '../../support/records.ts';

const PATHS = new Set(['package.json', 'package-lock.json', 'src/main.ts']);

function configWith(init: string, rest: Partial<WorkspaceConfig> = {}): WorkspaceConfig {
  return { ...CONFIG, tasks: [{ name: 'one', init, command: 'npm start', env: {} }], ...rest };
}

describe('the recipe of a repository', () => {
  it('installs what the lock file names before everything is copied', () => {
    const { init, parts } = ownRecipe(configWith('npm ci && npm run build'), 'FROM node', PATHS);
    assert.equal(init, 'npm ci && npm run build');
    assert.deepEqual(parts, [
      { copies: ['package.json package-lock.json ./'], run: 'npm ci' },
      { copies: ['. .'], run: 'npm run build' },
    ]);
  });

  it('is not tuned where nobody can say what the first command reads', () => {
    for (const init of ['make', 'yarn install', './npm ci'])
      assert.equal(ownRecipe(configWith(init), 'FROM node', PATHS).parts, undefined, init);
  });

  it('runs what a build runs of all tasks, in order', () => {
    const tasks = [
      { name: 'one', before: 'a', init: 'b\n', command: 'never', env: {} },
      { name: 'two', prebuild: 'c', env: {} },
    ];
    assert.equal(ownRecipe({ ...CONFIG, tasks }, 'FROM node', PATHS).init, 'a\nb\nc');
  });

  it('hands the environment over, and works where the tasks work', () => {
    const more = { env: { A: 'x "$y"' }, workspaceLocation: '/workspace/app/sub' };
    const { base, folder, init, parts } = ownRecipe(configWith('npm ci', more), 'FROM node\n', PATHS);
    assert.equal(base, 'FROM node\nENV A="x \\"\\$y\\""');
    assert.deepEqual([folder, init, parts], ['/workspace/app', 'cd /workspace/app/sub\nnpm ci', undefined]);
  });
});

describe('paths to be edited', () => {
  it('are a document, a source of the main language, and a lock file', () => {
    const paths = ['CHANGES.md', 'README.md', 'a.py', 'src/a.ts', 'src/b.ts', 'yarn.lock', 'sub/go.sum'];
    assert.deepEqual(editablePaths(paths), { document: 'README.md', source: 'src/a.ts', lock: 'yarn.lock' });
  });

  it('may be missing', () => {
    assert.deepEqual(editablePaths(['x.txt', 'sub/go.sum']), {
      document: undefined,
      source: undefined,
      lock: undefined,
    });
  });
});
