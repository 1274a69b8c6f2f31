import assert from 'node:assert/strict';
import { mkdir, mkdtempDisposable, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStateFolder } from '../../src/cli/state-folder.ts';
import type { BitbucketReport } from '../../src/cli/bitbucket-report.ts';
import { tellOutcome } from '../../src/cli/tell-outcome.ts';
import { PreheatError } from '../../src/kernel/failure.ts';
import { Outcome } from '../../src/report/outcome.ts';
import { failedOutcome, warmOutcome } from '../report/sample-outcome.ts';
import { testSession } from './test-session.ts';

const REFUSED = new PreheatError('cannot report the build status: 403', {
  phase: 'report',
  hint: 'Give it.',
});

function reportThat(
  ends: () => readonly PreheatError[],
): BitbucketReport & { readonly told: readonly Outcome[] } {
  const told: Outcome[] = [];
  return {
    told,
    started: () => undefined,
    ended: async (outcome) => {
      told.push(outcome);
      return ends();
    },
  };
}

const temporary = () => mkdtempDisposable(join(tmpdir(), 'preheat-tell-'));
const messages = ({ events }: ReturnType<typeof testSession>) =>
  events.flatMap((event) => (event.type === 'message' ? [`${event.level}: ${event.text}`] : []));

describe('telling an outcome', () => {
  it('says why a status that had to be delivered was not, in the log and in the files', async () => {
    await using folder = await temporary();
    const session = testSession({ options: { strictReport: true } });
    const state = await openStateFolder(folder.path);
    const told = await tellOutcome(warmOutcome, { bitbucket: reportThat(() => [REFUSED]), state }, session);
    assert.equal(told.exitCode, 70);
    assert.deepEqual(messages(session), ['error: cannot report the build status: 403. Give it.']);
    const kept = Outcome.parse(JSON.parse(await readFile(join(folder.path, 'outcome.json'), 'utf8')));
    assert.partialDeepStrictEqual(kept, {
      result: 'warm',
      exitCode: 70,
      warnings: ['cannot report the build status: 403. Give it.'],
    });
  });

  it('makes a warning of each report that did not arrive, where none had to', async () => {
    await using folder = await temporary();
    const session = testSession();
    const state = await openStateFolder(folder.path);
    const other = new PreheatError('cannot comment', { phase: 'report' });
    const told = await tellOutcome(
      warmOutcome,
      { bitbucket: reportThat(() => [REFUSED, other]), state },
      session,
    );
    const warnings = ['cannot report the build status: 403. Give it.', 'cannot comment'];
    assert.deepEqual(
      messages(session),
      warnings.map((text) => `warn: ${text}`),
    );
    assert.deepEqual([told.exitCode, told.warnings], [0, warnings]);
  });

  it('keeps the exit code of what failed before', async () => {
    await using folder = await temporary();
    const state = await openStateFolder(folder.path);
    const bitbucket = reportThat(() => [REFUSED]);
    const told = await tellOutcome(failedOutcome, { bitbucket, state }, testSession());
    assert.equal(told.exitCode, failedOutcome.exitCode);
  });

  it('keeps warnings that came with the delivery', async () => {
    await using folder = await temporary();
    const session = testSession();
    const state = await openStateFolder(folder.path);
    const bitbucket = reportThat(() => {
      session.log.warn('cannot report');
      return [];
    });
    assert.deepEqual((await tellOutcome(warmOutcome, { bitbucket, state }, session)).warnings, [
      'cannot report',
    ]);
  });

  for (const [strictReport, exitCode] of [
    [false, 0],
    [true, 70],
  ] as const) {
    it(`delivers the status even if no file can be written (${exitCode})`, async () => {
      await using folder = await temporary();
      const session = testSession({ options: { strictReport } });
      const state = await openStateFolder(folder.path);
      await mkdir(join(folder.path, 'outcome.json'));
      const bitbucket = reportThat(() => []);
      const told = await tellOutcome(warmOutcome, { bitbucket, state }, session);
      assert.equal(told.exitCode, exitCode);
      assert.equal(bitbucket.told.length, 1);
      assert.match(messages(session).join('\n'), /^error: cannot write .*outcome\.json: .*--state\.$/);
    });
  }
});
