import assert from 'node:assert/strict';
import type { Facts } from '../../src/observe/facts.ts';
import type { InputAnswer } from '../../src/observe/input-answer.ts';
import type { HintedRun } from '../../src/observe/step-hint.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { plan } from '../../src/plan/plan.ts';
import { hintQuestions } from '../../src/plan/questions.ts';
import { CONFIG, EVENT, FACTS, INPUTS, recordFor } from '../support/records.ts';

const MAIN = { kind: 'protected', branch: 'main' } as const;
const LOCK: InputAnswer = { asked: 'lock.txt', kind: 'file', mode: '100644', id: '1f3a5b7c9d' };
const SRC: InputAnswer = { asked: 'src', kind: 'folder', id: 'sha256:aa', members: [['src/a', '100644 1']] };
const EARLIER = 'e'.repeat(40);

function decisionFor(answers: readonly InputAnswer[], more: Partial<Facts> = {}) {
  const declared = { inputs: answers.map(({ asked }) => asked), answers: [...answers] };
  const [step] = plan(INPUTS, { ...FACTS, declared, ...more }).steps;
  assert.ok(step !== undefined);
  return step;
}

function runWith(answers: readonly InputAnswer[], more: Partial<HintedRun> = {}): HintedRun {
  const what = { rule: 'declared' as const, answers: [...answers], commit: EARLIER, scope: MAIN };
  const cost = { recordedAt: '2026-01-02T03:04:05.000Z', durationMs: 12_000, layerBytes: 3_000_000 };
  return { contentKey: digestOf(JSON.stringify(answers)), ...what, ...cost, ...more };
}

const reasonFor = (now: readonly InputAnswer[], ...earlier: readonly HintedRun[]): string =>
  decisionFor(now, { earlier: [...earlier] }).decision.reason;
const SINCE = '(since commit eeeeeeeeeeee of protected branch main)';

describe('the reason of a miss', () => {
  for (const [what, before, now, text] of [
    ['content', LOCK, { ...LOCK, id: '9c02d4' }, 'lock.txt: 1f3a5b7… → 9c02d4…'],
    ['mode', LOCK, { ...LOCK, mode: '100755' }, 'lock.txt: mode 100644 → 100755'],
    ['attributes', LOCK, { ...LOCK, attributes: 'text=set' }, 'lock.txt: attributes none → text=set'],
    ['a file that is gone', LOCK, { asked: 'lock.txt', kind: 'absent', ancestor: '' }, 'lock.txt: gone'],
    ['a new file', { asked: 'lock.txt', kind: 'absent', ancestor: '' }, LOCK, 'lock.txt: added'],
    ['another kind', LOCK, { asked: 'lock.txt', kind: 'folder', id: 'sha256:x' }, 'lock.txt: file → folder'],
    [
      'folders above what is absent',
      { asked: 'a/b', kind: 'absent', ancestor: '' },
      { asked: 'a/b', kind: 'absent', ancestor: 'a' },
      'a/b: still absent, but not the folders above it',
    ],
    ['a member', SRC, { ...SRC, id: 'sha256:bb', members: [['src/a', '100644 2']] }, 'src/a: 1… → 2…'],
    ['members', SRC, { ...SRC, id: 'sha256:bb', members: [['src/b', '100644 1']] }, 'src/a: gone and 1 more'],
    ['a large group', { ...SRC, members: undefined }, { ...SRC, id: 'sha256:bb' }, 'src: aa… → bb…'],
    [
      '.git',
      { asked: '.git', kind: 'git', id: '1' },
      { asked: '.git', kind: 'git', id: '2' },
      '.git: made from something else',
    ],
  ] as readonly (readonly [string, InputAnswer, InputAnswer, string])[]) {
    it(`tells of ${what}`, () => assert.equal(reasonFor([now], runWith([before])), `${text} ${SINCE}`));
  }

  it('tells that the declaration itself changed', () => {
    assert.match(reasonFor([LOCK, SRC], runWith([LOCK])), /^src: declared /);
    assert.match(reasonFor([LOCK], runWith([LOCK, SRC])), /^src: no longer declared /);
  });

  it('is held against the run that fewest changes part from now, and of those the newest', () => {
    const other = { ...LOCK, id: '2' };
    const far = runWith([other, { ...SRC, id: 'sha256:bb', members: [] }], { commit: 'f'.repeat(40) });
    const near = runWith([other, SRC]);
    const older = runWith([other, SRC], { commit: 'd'.repeat(40) });
    const { decision } = decisionFor([LOCK, SRC], { earlier: [far, near, older] });
    assert.partialDeepStrictEqual(decision, {
      kind: 'miss',
      nearest: { commit: EARLIER, changes: 1, durationMs: 12_000, layerBytes: 3_000_000 },
    });
  });

  it('is the commit by the whole-tree rule', () => {
    const git: InputAnswer = { asked: '.git', kind: 'git', id: 'another' };
    const reasonAfter = (commit: string) =>
      plan(INPUTS, { ...FACTS, earlier: [runWith([git], { commit, rule: 'whole-tree' })] }).steps[0]?.decision
        .reason;
    assert.equal(reasonAfter(EARLIER), `commit: eeeeeeeeeeee → cccccccccccc (whole-tree rule) ${SINCE}`);
    assert.match(reasonAfter(FACTS.commit.id) ?? '', /^ref, remote, history or submodules differ/);
  });

  it('is a record that does not fit, before all else', () => {
    const step = decisionFor([LOCK]);
    const record = recordFor(step, MAIN);
    const unfit = { kind: 'record', tag: step.recordTag, record, unfit: 'its tasks changed a' } as const;
    const { decision } = decisionFor([LOCK], { answers: [unfit], earlier: [runWith([LOCK])] });
    assert.equal(decision.kind, 'miss');
    assert.match(decision.reason, /does not fit the sources: its tasks changed a/);
  });
});

describe('the reason of a hit', () => {
  it('names who ran it, and where that was another commit', () => {
    const step = decisionFor([LOCK]);
    const hit = (commit?: string) => {
      const record = { ...recordFor(step, MAIN), ...(commit !== undefined && { commit }) };
      return decisionFor([LOCK], { answers: [{ kind: 'record', tag: step.recordTag, record }] }).decision;
    };
    assert.equal(
      hit(EARLIER).reason,
      'protected branch main ran it with the same inputs at commit eeeeeeeeeeee',
    );
    assert.equal(hit(FACTS.commit.id).reason, 'protected branch main ran it with the same inputs');
    assert.equal(hit().kind, 'hit');
  });
});

describe('the questions for hints', () => {
  it('go to the scopes that may be read, best first; a step without work has none', () => {
    const event = { ...EVENT, ref: { kind: 'branch', name: 'feature' } } as const;
    assert.deepEqual(
      hintQuestions({ ...INPUTS, event }, FACTS).map((tag) => tag.replace(/-[0-9a-f]{40}$/, '')),
      ['hint-branch.feature', 'hint-protected.main'],
    );
    const idle = { ...CONFIG, tasks: [{ name: 'server', command: 'npm start', env: {} }] };
    assert.deepEqual(hintQuestions({ ...INPUTS, config: idle }, FACTS), []);
  });
});
