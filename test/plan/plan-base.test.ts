import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { DockerfileFacts } from '../../src/observe/dockerfile-facts.ts';
import type { BaseAnswer, ObservedBase } from '../../src/observe/observed-base.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { baseKey } from '../../src/plan/base-key.ts';
import { baseQuestions, planBase, type BasePlanInputs } from '../../src/plan/plan-base.ts';
import { EVENT, OBSERVED } from '../support/records.ts';

const PLATFORM = { os: 'linux', architecture: 'amd64' };
const DOCKERFILE: DockerfileFacts = {
  schemaVersion: 1,
  file: '.gitpod.Dockerfile',
  context: '.',
  text: digestOf('FROM debian'),
  inputs: digestOf('no files'),
  images: [{ reference: 'docker.io/library/debian:12', digest: digestOf('debian'), source: 'registry' }],
};

const onBranch = (name: string): BasePlanInputs => ({
  event: { ...EVENT, ref: { kind: 'branch', name } },
  protectedBranches: [],
  platform: PLATFORM,
});
const observed = (answers: BaseAnswer[], dockerfile = DOCKERFILE): ObservedBase => ({
  schemaVersion: 1,
  kind: 'dockerfile',
  dockerfile,
  resolved: [],
  answers,
});

describe('planBase', () => {
  it('takes an image by name as it was resolved', () => {
    const { base, by } = OBSERVED.kind === 'named' ? OBSERVED.resolved : assert.fail();
    assert.equal(by, 'registry');
    assert.deepEqual(planBase(onBranch('main'), OBSERVED), {
      kind: 'named',
      reason: 'its registry says so',
      base,
    });
  });

  it('looks for what the branch may trust, its own first, and never for a branch’s on a protected one', () => {
    const tagsOf = (branch: string) => baseQuestions(onBranch(branch), DOCKERFILE).map(({ tag }) => tag);
    const key = baseKey(DOCKERFILE, PLATFORM).slice('sha256:'.length).slice(0, 40);
    assert.deepEqual(tagsOf('main'), [`base-protected.main-${key}`]);
    assert.deepEqual(tagsOf('fix'), [`base-branch.fix-${key}`, `base-protected.main-${key}`]);
  });

  it('takes what was built with the same key, and nothing else', () => {
    const key = baseKey(DOCKERFILE, PLATFORM);
    const digest = digestOf('built');
    const hit = planBase(onBranch('fix'), observed([{ tag: 'a' }, { tag: 'b', key, digest }]));
    assert.ok(hit.kind === 'hit');
    assert.deepEqual(
      [hit.tag, hit.base],
      ['b', { reference: '.gitpod.Dockerfile', digest, source: 'target' }],
    );
    const miss = planBase(onBranch('fix'), observed([{ tag: 'b', key: digestOf('other'), digest }]));
    assert.ok(miss.kind === 'miss');
    assert.match(miss.tag, /^base-branch\.fix-/);
    assert.equal(miss.key, key);
  });

  it('asks for nothing, and says why, where the result does not follow from the inputs', () => {
    const uncached = { ...DOCKERFILE, uncached: 'ADD of https://example.org/tool reads an address' };
    assert.deepEqual(baseQuestions(onBranch('main'), uncached), []);
    assert.equal(planBase(onBranch('main'), observed([], uncached)).reason, uncached.uncached);
  });
});

describe('baseKey', () => {
  it('differs with every part', () => {
    const digests = fc.string().map((text) => digestOf(text));
    const facts = fc.record({
      schemaVersion: fc.constant(1 as const),
      file: fc.constantFrom('Dockerfile', '.gitpod.Dockerfile'),
      context: fc.constant('.'),
      text: digests,
      inputs: digests,
      images: fc.array(
        fc.record({
          reference: fc.constantFrom('docker.io/library/a:1', 'docker.io/library/b:1'),
          digest: digests,
          source: fc.constantFrom('registry' as const, 'engine' as const),
        }),
        { maxLength: 2 },
      ),
    });
    fc.assert(
      fc.property(facts, facts, (one, other) => {
        const isEqual = JSON.stringify(one) === JSON.stringify(other);
        assert.equal(baseKey(one, PLATFORM) === baseKey(other, PLATFORM), isEqual);
      }),
    );
    assert.notEqual(
      baseKey(DOCKERFILE, PLATFORM),
      baseKey(DOCKERFILE, { os: 'linux', architecture: 'arm64' }),
    );
    assert.notEqual(baseKey(DOCKERFILE, PLATFORM), baseKey(DOCKERFILE, PLATFORM, 'none'));
  });
});
