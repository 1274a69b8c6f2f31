import assert from 'node:assert/strict';
import type { RepositoryFacts } from '../../src/observe/repository-facts.ts';
import { changeText } from '../../src/plan/change-text.ts';
import { inputChanges } from '../../src/plan/input-changes.ts';
import { plan } from '../../src/plan/plan.ts';
import { repositoryAnswers } from '../../src/plan/repository-identity.ts';
import { stepKeys } from '../../src/plan/step-keys.ts';
import { FACTS, INPUTS } from '../support/records.ts';

const LIB: RepositoryFacts = {
  url: 'https://h/t/lib',
  commit: '1'.repeat(40),
  ref: { kind: 'branch', name: 'main' },
  location: '/workspace/lib',
};
const MOVED = { ...LIB, commit: '2'.repeat(40) };
const DOCS = { ...LIB, url: 'https://h/t/docs', location: '/workspace/docs' };

const changes = (before: readonly RepositoryFacts[], after: readonly RepositoryFacts[]): readonly string[] =>
  inputChanges(repositoryAnswers(INPUTS, before), repositoryAnswers(INPUTS, after)).map(changeText);

describe('the repositories beside the pushed one', () => {
  it('are told each by its own change', () => {
    assert.deepEqual(changes([LIB, DOCS], [LIB, DOCS]), []);
    assert.deepEqual(changes([LIB, DOCS], [MOVED, DOCS]), ['repository lib: 1111111… → 2222222…']);
    assert.deepEqual(changes([LIB], [LIB, DOCS]), ['repository docs: added']);
    assert.deepEqual(changes([LIB, DOCS], [LIB]), ['repository docs: gone']);
    const [other] = changes([LIB], [{ ...LIB, ref: { kind: 'branch', name: 'dev' } }]);
    assert.match(other ?? '', /^repository lib: attributes sha256:.* → sha256:/);
  });

  for (const declared of [undefined, { inputs: ['in'], answers: [] }])
    it(`are inputs by the ${declared === undefined ? 'whole-tree' : 'declared'} rule, and the reason of a run`, () => {
      const facts = { ...FACTS, ...(declared && { declared }), repositories: [LIB] };
      const before = stepKeys(INPUTS, facts);
      const after = stepKeys(INPUTS, { ...facts, repositories: [MOVED] });
      assert.equal(before.staticKey, after.staticKey);
      assert.notEqual(before.contentKey, after.contentKey);
      const run = {
        scope: { kind: 'protected' as const, branch: 'main' },
        recordedAt: '2026-01-01T00:00:00Z',
        durationMs: 1,
        layerBytes: 1,
        commit: FACTS.commit.id,
        contentKey: before.contentKey,
        rule: declared === undefined ? ('whole-tree' as const) : ('declared' as const),
        answers: [...before.answers],
      };
      const planned = plan(INPUTS, { ...facts, repositories: [MOVED], answers: [], earlier: [run] });
      assert.match(planned.steps[0]?.decision.reason ?? '', /^repository lib: 1111111… → 2222222… \(since/);
    });
});
