import assert from 'node:assert/strict';
import { wholeSourcesFor } from '../../src/build/whole-sources.ts';

const PLAIN = { checkoutLocation: '/workspace/app', isOccupied: false, patched: [] };
const patchedAt = (path: string) =>
  wholeSourcesFor({
    ...PLAIN,
    patched: [
      { path: 'workspace/app/README', below: true },
      { path, below: true },
    ],
  });

describe('wholeSourcesFor', () => {
  it('asks for nothing of tasks that leave packs alone', () => {
    assert.equal(wholeSourcesFor(PLAIN), undefined);
    for (const path of [
      '.git',
      '.git/config',
      '.git/objects',
      '.git/objects/pack',
      'objects/pack/x',
      'a/.git/objects/pack/x',
    ])
      assert.equal(patchedAt(`workspace/app/${path}`), undefined, path);
    assert.equal(patchedAt('workspace/other/.git/objects/pack/x.pack'), undefined);
  });

  it('asks for one layer over a base that has files in the checkout', () => {
    assert.match(wholeSourcesFor({ ...PLAIN, isOccupied: true }) ?? '', /^the base has files of its own/);
  });

  it('asks for one layer where packs were changed or taken away, of submodules too', () => {
    for (const folder of ['.git', '.git/modules/a', '.git/modules/a/modules/b'])
      assert.match(
        patchedAt(`workspace/app/${folder}/objects/pack/pack-1.pack`) ?? '',
        /packs of git/,
        folder,
      );
  });
});
