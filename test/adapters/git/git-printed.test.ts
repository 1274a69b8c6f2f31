import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { linesIn, printToFile } from '../../../src/adapters/git/git-printed.ts';
import { createRepository, untilLong } from './git-fixture.ts';

async function untilWritten(file: string): Promise<string> {
  for (;;) {
    const text = await readFile(file, 'utf8').catch(() => '');
    if (text.endsWith('\n')) return text.trim();
    await sleep(20);
  }
}

/** The test's own limit ends the wait for one that goes on. */
async function untilGone(pid: string): Promise<void> {
  while (existsSync(`/proc/${pid}/exe`)) await sleep(20);
}

describe('printToFile', () => {
  it('gives whole lines, however git’s output is cut, with bytes as they are', async () => {
    await using source = await createRepository();
    const names = Array.from({ length: 3000 }, (_, number) => `caf\xe9 ${number} ${'x'.repeat(number % 90)}`);
    await source.commit(Object.fromEntries(names.map((name) => [name, ''])));
    const place = { program: 'git', directory: source.path, phase: 'build' } as const;
    const args = ['-c', 'core.quotePath=false', 'ls-tree', '--name-only', 'HEAD'];
    const call = { ...untilLong(), purpose: 'list' };
    const seen: string[] = [];
    await using printed = await printToFile(place, args, join(source.path, 'printed'), call);
    for await (const piece of printed.lines()) {
      assert.equal(piece.at(-1), '\n'.charCodeAt(0));
      for (const [from, to] of linesIn(piece)) seen.push(piece.toString('latin1', from, to));
    }
    assert.deepEqual(seen, names.toSorted());
    assert.equal((await printed.read()).toString('latin1'), `${seen.join('\n')}\n`);
    assert.ok(!existsSync(join(source.path, 'printed')));
  });

  it('gives each line whole, however long it is', async () => {
    await using source = await createRepository();
    const place = { program: 'git', directory: source.path, phase: 'build' } as const;
    const lengths = [3, 300_000, 0, 262_143, 262_144, 900_000, 1];
    for (const end of ['', '\n']) {
      const text = lengths.map((length, at) => String(at).repeat(length)).join('\n') + end;
      await source.write({ text });
      const id = source.git('hash-object', '-w', 'text');
      const call = { ...untilLong(), purpose: 'read' };
      await using printed = await printToFile(
        place,
        ['cat-file', 'blob', id],
        join(source.path, 'printed'),
        call,
      );
      const seen: string[] = [];
      for await (const piece of printed.lines())
        for (const [from, to] of linesIn(piece)) seen.push(piece.toString('latin1', from, to));
      assert.deepEqual(
        seen.map(({ length }) => length),
        lengths,
      );
      assert.equal(seen.join('\n') + end, text);
      assert.equal((await printed.read()).toString(), text);
    }
    await using nothing = await printToFile(
      place,
      ['branch', '--list', 'none'],
      join(source.path, 'printed'),
      {
        ...untilLong(),
        purpose: 'list',
      },
    );
    assert.deepEqual(await Array.fromAsync(nothing.lines()), []);
  });

  it('tells a failure in git’s own words, after what came before it', async () => {
    await using source = await createRepository();
    await source.commit({ a: 'a' });
    const place = { program: 'git', directory: source.path, phase: 'build' } as const;
    const asked = printToFile(
      place,
      ['rev-list', '--objects', '1'.repeat(40)],
      join(source.path, 'printed'),
      {
        ...untilLong(),
        purpose: 'list it',
      },
    );
    await assert.rejects(asked, { name: 'PreheatError', message: /^cannot list it: bad object/ });
    assert.ok(!existsSync(join(source.path, 'printed')));
  });

  it('tells where there is no room for a file, and what to do', async () => {
    await using source = await createRepository();
    await source.commit({ a: 'a' });
    const place = { program: 'git', directory: source.path, phase: 'build' } as const;
    const asked = printToFile(place, ['version'], join(source.path, 'none', 'printed'), {
      ...untilLong(),
      purpose: 'ask',
    });
    await assert.rejects(asked, { name: 'PreheatError', phase: 'build', message: /none\/printed/ });
  });

  it('ends git and what it started where the signal aborts', async () => {
    await using source = await createRepository();
    const place = { program: 'git', directory: source.path, phase: 'build' } as const;
    const stop = new AbortController();
    const lasting = ['-c', `alias.lasting=!echo $$ > '${source.path}/pid'; exec sleep 600`, 'lasting'];
    const asked = printToFile(place, lasting, join(source.path, 'printed'), {
      signal: stop.signal,
      purpose: 'wait',
    });
    const pid = await untilWritten(join(source.path, 'pid'));
    stop.abort();
    await assert.rejects(asked, { name: 'AbortError' });
    await untilGone(pid);
  });
});
