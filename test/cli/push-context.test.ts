import assert from 'node:assert/strict';
import { readCommit, readPushConfig } from '../../src/cli/push-context.ts';
import { PreheatError } from '../../src/kernel/failure.ts';
import type { Repository } from '../../src/observe/repository.ts';
import { EVENT, FACTS } from '../support/records.ts';
import { testSession } from './test-session.ts';

/** A repository whose one commit holds these files. */
function repositoryOf(files: Readonly<Record<string, string>>): Repository {
  return {
    resolveCommit: async (commitish) => (commitish === EVENT.commit ? FACTS.commit : undefined),
    isAncestor: async () => false,
    nearestAncestor: async () => undefined,
    names: async (_commit, folder) =>
      Object.keys(files).flatMap((path) => {
        const below = folder === '' ? path : path.startsWith(`${folder}/`) && path.slice(folder.length + 1);
        return below === false ? [] : [below.split('/')[0] ?? ''];
      }),
    readFile: async (commit, path) => (commit === FACTS.commit.id ? files[path] : undefined),
  };
}

const CONTEXT = { event: EVENT, commit: FACTS.commit };
const failed = (phase: string, code: string) => (thrown: unknown) =>
  thrown instanceof PreheatError && thrown.phase === phase && thrown.code === code;

describe('the context of a push', () => {
  it('is the commit in full', async () => {
    assert.deepEqual(await readCommit(EVENT, EVENT, repositoryOf({}), testSession()), CONTEXT);
    const gone = readCommit(EVENT, { commit: 'abcdef12' }, repositoryOf({}), testSession());
    await assert.rejects(gone, failed('observe', 'not-found'));
  });

  it('is the configuration of the commit, under either name, with the default image', async () => {
    for (const name of ['.gitpod.yml', '.gitpod']) {
      const session = testSession({ options: { defaultImage: 'debian:bookworm' } });
      const repository = repositoryOf({ [name]: 'tasks:\n  - init: make\n' });
      const config = await readPushConfig(CONTEXT, repository, session);
      assert.deepEqual(config.base, { kind: 'reference', reference: 'debian:bookworm' });
    }
  });

  it('says what is odd in it, as a warning that reports show', async () => {
    const session = testSession();
    await readPushConfig(CONTEXT, repositoryOf({ '.gitpod.yml': 'image: a\ntaks: []\n' }), session);
    assert.match(session.recorder.warnings.join('\n'), /\.gitpod\.yml:2:1 warning/);
  });

  it('is a devcontainer.json where there is no other, in either place', async () => {
    for (const name of ['.devcontainer/devcontainer.json', '.devcontainer.json']) {
      const repository = repositoryOf({ [name]: '{ "image": "debian:bookworm", }' });
      const config = await readPushConfig(CONTEXT, repository, testSession());
      assert.deepEqual(config.base, { kind: 'reference', reference: 'debian:bookworm' });
      const both = repositoryOf({ [name]: '{', '.gitpod.yml': 'image: node:24\n' });
      const first = await readPushConfig(CONTEXT, both, testSession());
      assert.deepEqual(first.base, { kind: 'reference', reference: 'node:24' });
    }
  });

  it('is the only one in a folder of .devcontainer, which is said, and none of several', async () => {
    const nested = '.devcontainer/python/devcontainer.json';
    const session = testSession();
    const one = {
      [nested]: '{ "image": "python:3" }',
      '.devcontainer/Dockerfile': '',
      '.devcontainer/a/b/devcontainer.json': '{',
    };
    const config = await readPushConfig(CONTEXT, repositoryOf(one), session);
    assert.deepEqual(config.base, { kind: 'reference', reference: 'python:3' });
    const lines = session.events.map((event) => ('text' in event ? event.text : ''));
    assert.ok(lines.includes(`the configuration is ${nested}`), lines.join('\n'));
    const several = { ...one, '.devcontainer/node/devcontainer.json': '{ "image": "node:24" }' };
    await assert.rejects(readPushConfig(CONTEXT, repositoryOf(several), testSession()), {
      code: 'config-invalid',
      message:
        'cannot choose a workspace configuration: the commit has 2, of which only a person can say which is meant: ' +
        `.devcontainer/node/devcontainer.json, ${nested}`,
      hint: /^Name one with --config-file \(CONFIG_FILE\)/,
    });
    const first = { ...several, '.devcontainer.json': '{ "image": "debian" }' };
    const usual = await readPushConfig(CONTEXT, repositoryOf(first), testSession());
    assert.deepEqual(usual.base, { kind: 'reference', reference: 'debian' });
  });

  it('is the one that is asked for, before all others', async () => {
    const files = {
      '.gitpod.yml': 'image: a\n',
      'dev/other.yml': 'image: b\n',
      '.devcontainer/x/devcontainer.json': '{"image": "c"}',
    };
    for (const [path, image] of [
      ['dev/other.yml', 'b'],
      ['./.devcontainer/x/devcontainer.json', 'c'],
    ]) {
      const session = testSession({ options: { configFile: path } });
      const config = await readPushConfig(CONTEXT, repositoryOf(files), session);
      assert.deepEqual(config.base, { kind: 'reference', reference: image });
    }
    const none = testSession({ environment: { CONFIG_FILE: 'none.yml' } });
    await assert.rejects(readPushConfig(CONTEXT, repositoryOf(files), none), {
      code: 'config-missing',
      message: 'cannot read none.yml: the commit has no such file',
    });
    assert.throws(
      () => testSession({ options: { configFile: '../x' } }),
      /is no path of a file in the repository/,
    );
  });

  it('is proposed where there is none, by what the commit has', async () => {
    const repository = repositoryOf({ 'package.json': '{}', 'package-lock.json': '{}' });
    await assert.rejects(readPushConfig(CONTEXT, repository, testSession()), (thrown: unknown) => {
      assert.ok(thrown instanceof PreheatError);
      assert.match(thrown.remedy?.yaml ?? '', /^ {2}# preheat: inputs=package\.json,package-lock\.json\n/m);
      return thrown.code === 'config-missing';
    });
  });

  it('ends the run where there is none, or errors in it', async () => {
    await assert.rejects(
      readPushConfig(CONTEXT, repositoryOf({}), testSession()),
      failed('config', 'config-missing'),
    );
    const wrong = repositoryOf({ '.gitpod.yml': 'tasks: 7\n' });
    await assert.rejects(readPushConfig(CONTEXT, wrong, testSession()), failed('config', 'config-invalid'));
  });
});
