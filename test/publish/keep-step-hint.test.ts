import assert from 'node:assert/strict';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLayoutStore } from '../../src/adapters/layout/layout-store.ts';
import { createLayoutCopier } from '../../src/adapters/oras/layout-copier.ts';
import { PreheatError } from '../../src/kernel/failure.ts';
import type { InputAnswer } from '../../src/observe/input-answer.ts';
import { readStepHints } from '../../src/observe/read-step-hints.ts';
import type { HintedRun } from '../../src/observe/step-hint.ts';
import { ANNOTATION } from '../../src/oci/annotations.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { stepHintTag } from '../../src/oci/tags.ts';
import { keepStepHint } from '../../src/publish/keep-step-hint.ts';
import { stageNote } from '../../src/publish/stage-note.ts';
import { testOras } from '../support/oras.ts';
import { silentLog } from '../support/silent-log.ts';
import { openTestStaging, testSignal, type TestStaging } from '../support/staged-image.ts';

const PLATFORM = { os: 'linux', architecture: 'amd64' };
const SCOPE = { kind: 'branch', branch: 'feature/x' } as const;
const TAG = stepHintTag(SCOPE, digestOf('static'));

function runOf(name: string, answers: readonly InputAnswer[] = []): HintedRun {
  return {
    contentKey: digestOf(name),
    rule: 'declared',
    answers: [...answers],
    commit: 'c'.repeat(40),
    scope: SCOPE,
    recordedAt: '2026-01-02T03:04:05.000Z',
    durationMs: 1000,
    layerBytes: 12,
  };
}

describe('the hint of a step', () => {
  let staged: TestStaging;
  let folder: AsyncDisposable & { readonly path: string };
  let options: { readonly signal: AbortSignal };
  let said: ReturnType<typeof silentLog>;
  const target = () =>
    openLayoutStore({ kind: 'layout', directory: folder.path }, createLayoutCopier(testOras()));
  const ports = () => ({ staging: staged.staging, target: target(), log: said.log });
  const keep = (run: HintedRun) => keepStepHint({ tag: TAG, run, platform: PLATFORM }, ports(), options);
  const read = (tags = [TAG]) => readStepHints(tags, ports(), options);
  const write = async (text: string): Promise<void> => {
    const note = { tag: TAG, platform: PLATFORM, annotations: { [ANNOTATION.stepHint]: text } };
    await stageNote(note, staged.staging, options);
    await target().upload(staged.staging.directory, TAG, options);
  };

  beforeEach(async () => {
    options = { signal: testSignal() };
    staged = await openTestStaging();
    folder = await mkdtempDisposable(join(tmpdir(), 'preheat-hint-'));
    said = silentLog();
  });
  afterEach(async () => {
    await folder[Symbol.asyncDispose]();
    await staged[Symbol.asyncDispose]();
  });

  it('lists the newest eight runs, each content key once', async () => {
    assert.deepEqual(await read(), []);
    for (const name of ['1', '2', '3', '4', '5', '6', '7', '8', '9', '3']) await keep(runOf(name));
    const found = await read();
    assert.deepEqual(
      found.map(({ contentKey }) => contentKey),
      ['3', '9', '8', '7', '6', '5', '4', '2'].map((name) => digestOf(name)),
    );
    assert.deepEqual(found[0], runOf('3'));
    assert.deepEqual(said.lines, []);
  });

  it('is read under the first tag that has any', async () => {
    await keep(runOf('1'));
    const nothing = stepHintTag({ kind: 'pull-request', id: 7 }, digestOf('static'));
    assert.deepEqual(await read([nothing, TAG, nothing]), [runOf('1')]);
  });

  it('that is damaged or newer is none, with one line, and is written anew', async () => {
    for (const text of ['{"schemaVersion":1', '{"schemaVersion":2,"runs":[]}', '{}']) {
      await write(text);
      assert.deepEqual(await read(), []);
      assert.equal(said.lines.length, 1, said.lines.join('\n'));
      assert.match(said.lines[0] ?? '', new RegExp(`cannot read ${TAG}: it holds no hint`));
      await keep(runOf('1'));
      assert.deepEqual(await read(), [runOf('1')]);
      said = silentLog();
    }
  });

  it('drops what a manifest has no room for: old runs first, then the members of groups', async () => {
    const members = Array.from({ length: 20_000 }, (_, at): [string, string] => [
      `src/${'x'.repeat(60)}/${at}`,
      '100644 1',
    ]);
    const group = { asked: 'src', kind: 'folder' as const, id: '1' };
    await keep(runOf('small'));
    await keep(runOf('large', [{ ...group, members }]));
    assert.deepEqual(await read(), [runOf('large', [group])]);
  });

  it('that cannot be read or written costs a line; a registry that refuses ends the look', async () => {
    const failing = (code: 'failed' | 'unauthorized') => ({
      ...ports(),
      target: {
        ...target(),
        readManifest: () => Promise.reject(new PreheatError('cannot read', { phase: 'observe', code })),
      },
    });
    assert.deepEqual(await readStepHints([TAG], failing('failed'), options), []);
    await keepStepHint({ tag: TAG, run: runOf('1'), platform: PLATFORM }, failing('unauthorized'), options);
    assert.equal(said.lines.length, 2);
    await assert.rejects(readStepHints([TAG], failing('unauthorized'), options), { code: 'unauthorized' });
  });
});
