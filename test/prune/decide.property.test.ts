import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { decide, type Decision } from '../../src/prune/decide.ts';
import { freedBytes } from '../../src/prune/freed-bytes.ts';
import type { Stock } from '../../src/prune/stock.ts';
import type { RetentionPolicy, Surroundings } from '../../src/prune/surroundings.ts';
import { runs } from '../support/runs.ts';
import { NOW, policies, stocks, surroundings } from './random-stock.ts';

type Check = (decision: Decision, stock: Stock, around: Surroundings, policy: RetentionPolicy) => void;

function always(check: Check): void {
  fc.assert(
    fc.property(stocks, surroundings, policies, (stock, around, policy) => {
      check(decide(stock, around, { policy, now: NOW }), stock, around, policy);
    }),
    { numRuns: runs(500) },
  );
}

const goingOf = ({ going }: Decision): Stock => going.map(({ manifest }) => manifest);
const imagesIn = (stock: Stock) =>
  stock.flatMap(({ content, ...rest }) => (content.kind === 'image' ? [{ ...rest, content }] : []));

describe('decide, whatever the tags', () => {
  it('puts each manifest on one side', () => {
    always((decision, stock) => {
      const all = [...goingOf(decision), ...decision.kept].map(({ digest }) => digest);
      assert.deepEqual(all.toSorted(), stock.map(({ digest }) => digest).toSorted());
    });
  });

  it('leaves to each image that is kept its record, base, report and keyframe', () => {
    let seen = 0;
    always((decision) => {
      const images = imagesIn(decision.kept);
      const keys = new Set(images.map(({ content }) => content.stepKey));
      const bases = new Set(images.map(({ content }) => content.baseDigest));
      const layers = new Set(images.flatMap(({ blobs }) => blobs.map(({ digest }) => digest)));
      const commits = new Set(
        images.flatMap(({ tags }) => tags.map(({ name }) => name.replace(/^commit-/, ''))),
      );
      for (const { content, tags, digest, blobs } of goingOf(decision)) {
        for (const { name, known } of tags) {
          if (known?.kind === 'step') assert.ok(!keys.has(known.key), name);
          if (known?.kind === 'base')
            assert.ok(![digest, `sha256:${known.image}`].some((id) => bases.has(id)), name);
          if (known?.kind === 'report') assert.ok(!commits.has(name.replace(/^report-/, '')), name);
          if (content.kind === 'keyframe') assert.ok(!blobs.some((blob) => layers.has(blob.digest)), name);
          seen++;
        }
      }
    });
    assert.ok(seen > 1000, 'the stocks hold enough that goes');
  });

  it('leaves to each hint that is kept the records that it names', () => {
    always((decision) => {
      const named = new Set(
        decision.kept.flatMap(({ content }) =>
          content.kind === 'hint' ? content.runs.map(({ key }) => key) : [],
        ),
      );
      for (const { tags } of goingOf(decision))
        for (const { known } of tags) assert.ok(known?.kind !== 'step' || !named.has(known.key));
    });
  });

  it('touches nothing that is foreign, has a foreign tag, or that an index lists', () => {
    always((decision, stock) => {
      const listed = new Set(stock.flatMap(({ content }) => ('members' in content ? content.members : [])));
      for (const { content, tags, digest } of goingOf(decision)) {
        assert.notEqual(content.kind, 'foreign');
        assert.ok(content.kind === 'referrers' || tags.every(({ known }) => known !== undefined));
        assert.ok(content.kind !== 'referrers' || content.members.length === 0);
        assert.ok(!listed.has(digest));
      }
    });
  });

  it('keeps what a branch that lives means by its hint', () => {
    always((decision, _stock, { branches }) => {
      for (const { tags } of goingOf(decision))
        for (const { known } of tags) assert.ok(known?.kind !== 'branch' || !branches.has(known.name));
    });
  });

  it('keeps as many images of each scope that lives as are to be kept', () => {
    always((decision, stock, { branches }, { keep }) => {
      const countOf = (manifests: Stock) => {
        const counts = new Map<string, Set<string>>();
        for (const { tags } of imagesIn(manifests))
          for (const { known } of tags)
            if (known?.kind === 'commit')
              counts.set(known.scope, (counts.get(known.scope) ?? new Set()).add(known.commit));
        return counts;
      };
      const kept = countOf(decision.kept);
      for (const [scope, all] of countOf(stock)) {
        if (!branches.has(scope.replace(/^[a-z]+\./, '')) || scope.startsWith('pr.')) continue;
        assert.ok((kept.get(scope)?.size ?? 0) >= Math.min(keep, all.size), scope);
      }
    });
  });

  it('keeps what is in use, and what it needs', () => {
    fc.assert(
      fc.property(stocks, surroundings, policies, (stock, around, policy) => {
        const options = { policy, now: NOW };
        for (const one of imagesIn(goingOf(decide(stock, around, options))).slice(0, 3)) {
          const inUse = new Set([one.digest]);
          const gone = goingOf(decide(stock, around, { ...options, inUse }));
          assert.ok(!gone.some(({ digest }) => digest === one.digest));
          assert.ok(
            !gone.some(({ tags }) =>
              tags.some(({ known }) => known?.kind === 'step' && known.key === one.content.stepKey),
            ),
          );
        }
      }),
      { numRuns: runs(200) },
    );
  });

  it('deletes the same with less mercy, and more', () => {
    fc.assert(
      fc.property(stocks, surroundings, policies, (stock, around, policy) => {
        const of = (changed: Partial<RetentionPolicy>) =>
          goingOf(decide(stock, around, { policy: { ...policy, ...changed }, now: NOW })).filter(
            ({ content }) => content.kind === 'image',
          );
        const strict = new Set(of({}).map(({ digest }) => digest));
        for (const milder of [{ keep: policy.keep + 1 }, { olderThan: policy.olderThan * 2 }])
          assert.ok(of(milder).every(({ digest }) => strict.has(digest)));
      }),
      { numRuns: runs(200) },
    );
  });

  it('goes on where it broke off: what is left is decided alike', () => {
    fc.assert(
      fc.property(stocks, surroundings, policies, fc.nat(), (stock, around, policy, at) => {
        const options = { policy, now: NOW };
        const { going } = decide(stock, around, options);
        const gone = new Set(going.slice(0, at % (going.length + 1)).map(({ manifest }) => manifest.digest));
        const left = decide(
          stock.filter(({ digest }) => !gone.has(digest)),
          around,
          options,
        );
        const before = new Set(going.map(({ manifest }) => manifest.digest));
        for (const { manifest } of left.going) assert.ok(before.has(manifest.digest), manifest.tags[0]?.name);
      }),
      { numRuns: runs(200) },
    );
  });

  it('counts no byte as freed that something needs', () => {
    always((decision) => {
      const whole = (stock: Stock) =>
        new Map(
          stock.flatMap(({ digest, size, blobs }) => [
            [digest, size] as const,
            ...blobs.map((blob) => [blob.digest, blob.size] as const),
          ]),
        );
      const kept = whole(decision.kept);
      const freed = [...whole(goingOf(decision))].filter(([digest]) => !kept.has(digest));
      assert.equal(
        freedBytes(goingOf(decision), decision.kept),
        freed.reduce((sum, [, size]) => sum + size, 0),
      );
    });
  });
});
