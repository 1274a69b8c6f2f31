import assert from 'node:assert/strict';
import fc from 'fast-check';
import { gitPieces, linesIn, wholeLines } from '../../../src/adapters/git/git-pieces.ts';
import { runs } from '../../support/runs.ts';
import { createRepository, untilLong } from './git-fixture.ts';

async function* pieceByPiece(pieces: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* pieces;
}

describe('gitPieces', () => {
  it('gives whole lines, however git’s output is cut, with bytes as they are', async () => {
    await using source = await createRepository();
    const names = Array.from({ length: 3000 }, (_, number) => `caf\xe9 ${number} ${'x'.repeat(number % 90)}`);
    await source.commit(Object.fromEntries(names.map((name) => [name, ''])));
    const place = { program: 'git', directory: source.path, phase: 'build' } as const;
    const args = ['-c', 'core.quotePath=false', 'ls-tree', '--name-only', 'HEAD'];
    const call = { ...untilLong(), purpose: 'list' };
    const seen: string[] = [];
    for await (const piece of wholeLines(gitPieces(place, args, call))) {
      assert.equal(piece.at(-1), '\n'.charCodeAt(0));
      for (const [from, to] of linesIn(piece)) seen.push(piece.toString('latin1', from, to));
    }
    assert.deepEqual(seen, names.toSorted());
  });

  it('cuts pieces anew at the ends of lines, wherever they were cut', async () => {
    const line = fc.stringMatching(/^[a-z]{0,4}$/);
    await fc.assert(
      fc.asyncProperty(fc.array(line), fc.boolean(), fc.array(fc.nat(30)), async (lines, hasEnd, cuts) => {
        const text = lines.join('\n') + (hasEnd && lines.length > 0 ? '\n' : '');
        const places = [0, ...cuts.toSorted((a, b) => a - b), text.length];
        const given = places.slice(1).map((to, at) => Buffer.from(text.slice(places[at], to)));
        const pieces = await Array.fromAsync(wholeLines(pieceByPiece(given)));
        assert.equal(Buffer.concat(pieces).toString(), text);
        assert.ok(pieces.slice(0, -1).every((piece) => piece.toString().endsWith('\n')));
        const read = pieces.flatMap((piece) =>
          Array.from(linesIn(piece), ([from, to]) => piece.toString('latin1', from, to)),
        );
        assert.deepEqual(read, text === '' ? [] : text.replace(/\n$/, '').split('\n'));
      }),
      { numRuns: runs(200) },
    );
  });

  it('tells a failure in git’s own words, after what came before it', async () => {
    await using source = await createRepository();
    await source.commit({ a: 'a' });
    const place = { program: 'git', directory: source.path, phase: 'build' } as const;
    const pieces = gitPieces(place, ['rev-list', '--objects', '1'.repeat(40)], {
      ...untilLong(),
      purpose: 'list it',
    });
    await assert.rejects(Array.fromAsync(pieces), {
      name: 'PreheatError',
      message: /^cannot list it: bad object/,
    });
  });

  it('ends git where the reader stops, and where the signal aborts', async () => {
    await using source = await createRepository();
    const place = { program: 'git', directory: source.path, phase: 'build' } as const;
    const endless = ['-c', 'alias.endless=!yes', 'endless'];
    for await (const piece of gitPieces(place, endless, { ...untilLong(), purpose: 'wait' })) {
      assert.equal(piece.toString('latin1', 0, 4), 'y\ny\n');
      break;
    }
    const stop = new AbortController();
    const reading = (async () => {
      for await (const _ of gitPieces(place, endless, { signal: stop.signal, purpose: 'wait' })) stop.abort();
    })();
    await assert.rejects(reading, { name: 'AbortError' });
  });
});
