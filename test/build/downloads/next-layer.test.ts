import assert from 'node:assert/strict';
import fc from 'fast-check';
import { nextLayer } from '../../../src/build/downloads/next-layer.ts';

const NAMES = ['a', 'b', 'c', 'd'];
/** What a run does to each file: leaves it, writes it, removes it. */
const run = fc.tuple(...NAMES.map(() => fc.constantFrom('leave', 'leave', 'write', 'remove')));

const file = (inode: number, ctime = 1, mtime = 1): string => `f ${inode} ${ctime} ${mtime} 644 0 0`;
const folder = (mode: string, mtime: number): string => `d 7 ${mtime} ${mtime} ${mode} 0 0`;
const one = (stat: string) => new Map([['a', stat]]);

describe('nextLayer', () => {
  it('keeps, layer by layer, exactly what each run ended with', () => {
    fc.assert(
      fc.property(fc.array(run, { maxLength: 20 }), (runs) => {
        let layers: ReadonlyMap<string, string>[] = [];
        let inode = 0;
        for (const actions of runs) {
          const before = new Map(layers.flatMap((layer) => [...layer]));
          const after = new Map(before);
          for (const [at, action] of actions.entries()) {
            if (action === 'write') after.set(NAMES[at] ?? '', file(++inode));
            if (action === 'remove') after.delete(NAMES[at] ?? '');
          }
          const next = nextLayer({ layers: layers.length, before, after, links: false });
          if (next.kind !== 'same') {
            const layer = new Map(next.paths.map((path) => [path, after.get(path) ?? assert.fail(path)]));
            if (next.kind === 'whole') layers = [];
            layers.push(layer);
          }
          assert.deepEqual(new Map(layers.flatMap((each) => [...each])), after);
          assert.ok(layers.length <= 8);
        }
      }),
    );
  });

  it('sees what a program puts the times of back, and not that a folder was written in', () => {
    const listings = { layers: 1, links: false };
    assert.equal(nextLayer({ ...listings, before: one(file(1)), after: one(file(1, 2)) }).kind, 'more');
    assert.equal(
      nextLayer({ ...listings, before: one(folder('755', 1)), after: one(folder('755', 2)) }).kind,
      'same',
    );
    assert.equal(
      nextLayer({ ...listings, before: one(folder('755', 1)), after: one(folder('700', 1)) }).kind,
      'more',
    );
  });

  it('takes hard links for no change where installing makes them', () => {
    const listings = { layers: 1, links: true };
    assert.equal(nextLayer({ ...listings, before: one(file(1)), after: one(file(1, 2)) }).kind, 'same');
    assert.equal(nextLayer({ ...listings, before: one(file(1)), after: one(file(1, 2, 2)) }).kind, 'more');
    assert.equal(nextLayer({ ...listings, before: one(file(1)), after: one(file(2)) }).kind, 'more');
  });
});
