import assert from 'node:assert/strict';
import { openCommitDates } from '../../../src/adapters/git/commit-dates.ts';
import { createRepository, temporaryFolder, untilLong } from './git-fixture.ts';

describe('dates of commits', () => {
  it('are those of the clone, without commits that it does not have', async () => {
    await using repository = await createRepository();
    const [first, second] = [await repository.commit(), await repository.commit()];
    const dates = openCommitDates(repository.path);
    assert.deepEqual(
      await dates.datesOf([second, 'f'.repeat(40), first], untilLong()),
      new Map([
        [second, '2023-11-14T22:13:22.000Z'],
        [first, '2023-11-14T22:13:21.000Z'],
      ]),
    );
    assert.deepEqual(await dates.datesOf(['f'.repeat(40)], untilLong()), new Map());
  });

  it('are none where there is no clone', async () => {
    await using folder = await temporaryFolder();
    assert.deepEqual(await openCommitDates(folder.path).datesOf(['f'.repeat(40)], untilLong()), new Map());
  });
});
