import assert from 'node:assert/strict';
import { gitLines } from '../../../src/adapters/git/git-lines.ts';
import { createRepository, untilLong } from './git-fixture.ts';

describe('gitLines', () => {
  it('gives pieces whole, however git’s output is cut, with bytes as they are', async () => {
    await using source = await createRepository();
    const names = Array.from(
      { length: 3000 },
      (_, number) => `caf\xe9 ${number}\nof ${'x'.repeat(number % 90)}`,
    );
    await source.commit(Object.fromEntries(names.map((name) => [name, ''])));
    const place = { program: 'git', directory: source.path, phase: 'build' } as const;
    const args = ['ls-tree', '-z', '--name-only', 'HEAD'];
    const call = { ...untilLong(), purpose: 'list' };
    assert.deepEqual(await Array.fromAsync(gitLines(place, args, call, '\0')), names.toSorted());
    assert.deepEqual(await Array.fromAsync(gitLines(place, ['version'], call)), [source.git('version')]);
  });

  it('tells a failure in git’s own words, after what came before it', async () => {
    await using source = await createRepository();
    await source.commit({ a: 'a' });
    const place = { program: 'git', directory: source.path, phase: 'build' } as const;
    const lines = gitLines(place, ['rev-list', '--objects', '1'.repeat(40)], {
      ...untilLong(),
      purpose: 'list it',
    });
    await assert.rejects(Array.fromAsync(lines), {
      name: 'PreheatError',
      message: /^cannot list it: bad object/,
    });
  });

  it('ends git where the reader stops, and where the signal aborts', async () => {
    await using source = await createRepository();
    const place = { program: 'git', directory: source.path, phase: 'build' } as const;
    const endless = ['-c', 'alias.endless=!yes', 'endless'];
    const seen: string[] = [];
    for await (const line of gitLines(place, endless, { ...untilLong(), purpose: 'wait' })) {
      seen.push(line);
      if (seen.length === 3) break;
    }
    assert.deepEqual(seen, ['y', 'y', 'y']);
    const stop = new AbortController();
    const reading = (async () => {
      for await (const _ of gitLines(place, endless, { signal: stop.signal, purpose: 'wait' })) stop.abort();
    })();
    await assert.rejects(reading, { name: 'AbortError' });
  });
});
