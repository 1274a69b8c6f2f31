import assert from 'node:assert/strict';
import { PreheatError } from '../../src/kernel/failure.ts';
import { strangersIn } from '../../src/prune/strangers.ts';
import { stocked } from './random-stock.ts';

const of = (source: string | undefined) =>
  stocked(
    `image of ${source}`,
    { kind: 'image', commit: undefined, stepKey: undefined, baseDigest: undefined, source },
    ['branch-main'],
  );

const OWN = 'git@bitbucket.org:team/app.git';

describe('strangersIn', () => {
  it('knows a repository by each of its addresses', () => {
    const addresses = [
      'https://bitbucket.org/team/app',
      'https://bitbucket.org/team/app.git',
      'http://user@bitbucket.org/team/app/',
      'git@bitbucket.org:team/app.git',
      'ssh://git@bitbucket.org/team/app.git',
      'ssh://git@bitbucket.org:22/team/app.git',
    ];
    for (const one of addresses)
      for (const other of addresses) assert.equal(strangersIn([of(one)], other, 'oci:images').size, 0);
  });

  it('tells images of another one from those that are ours or do not say', () => {
    const other = of('https://bitbucket.org/team/other');
    const stock = [other, of(undefined), of('https://bitbucket.org/team/app')];
    assert.deepEqual([...strangersIn(stock, OWN, 'oci:images')], [other.digest]);
    assert.equal(strangersIn([of(undefined)], OWN, 'oci:images').size, 0);
  });

  it('refuses where any image is of a repository, and the clone has no origin that tells which', () => {
    assert.throws(
      () => strangersIn([of(undefined), of('https://bitbucket.org/team/app')], undefined, 'oci:images'),
      (thrown) =>
        thrown instanceof PreheatError &&
        thrown.code === 'usage' &&
        thrown.message ===
          'cannot prune oci:images: its images are of https://bitbucket.org/team/app, and this clone has no origin that tells the same',
    );
    assert.equal(strangersIn([of(undefined)], undefined, 'oci:images').size, 0);
  });

  it('refuses where all images are of another one', () => {
    assert.throws(
      () => strangersIn([of('https://bitbucket.org/team/other'), of(undefined)], OWN, 'oci:images'),
      (thrown) =>
        thrown instanceof PreheatError && thrown.phase === 'usage' && /team\/other/.test(thrown.message),
    );
  });
});
