import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { findCommit } from '../../../src/adapters/git/find-commit.ts';
import { findEntryOf } from '../../../src/adapters/git/find-entry.ts';
import { openClone } from '../../../src/adapters/git/clone.ts';
import type { GitPlace } from '../../../src/adapters/git/git-command.ts';
import { firstInLine, liesCloseBehind } from '../../../src/adapters/git/near-history.ts';
import { openObjectReader } from '../../../src/adapters/git/object-reader.ts';
import {
  openObjectReaders,
  readObject,
  type ObjectReaders,
} from '../../../src/adapters/git/object-readers.ts';
import { runs } from '../../support/runs.ts';
import { createRepository, run, temporaryFolder, untilLong } from './git-fixture.ts';

const call = () => ({ ...untilLong(), purpose: 'read something' });

function placeIn(directory: string, program: string = 'git'): GitPlace {
  return { program, directory, phase: 'observe' };
}

/** A git that writes down its process before it does its work; `before` is a line of shell. */
async function watchedGit(folder: string, before: string = ''): Promise<{ program: string; log: string }> {
  const [program, log] = [join(folder, 'watched-git'), join(folder, 'started')];
  await writeFile(program, `#!/bin/sh\necho $$ >> ${log}\n${before}\nexec git "$@"\n`);
  await chmod(program, 0o755);
  return { program, log };
}

async function startedBy(log: string): Promise<readonly number[]> {
  const text = await readFile(log, 'utf8').catch(() => '');
  return text.split('\n').filter(Boolean).map(Number);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('openObjectReader', () => {
  it('reads objects of all kinds in the order of their names, byte for byte, and knows what is not there', async () => {
    await using source = await createRepository();
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 7) % 256));
    const commit = await source.commit({ big: bytes, lines: 'a\n\n5f blob 3\nb', none: '' });
    const ids = ['big', 'lines', 'none'].map((path) => source.git('rev-parse', `HEAD:${path}`));
    await using reader = openObjectReader(placeIn(source.path));
    const names = [...ids, 'HEAD', `${commit}^{tree}`, '0'.repeat(40), 'no such name', ids[1] ?? ''];
    const found = await reader.read(names, call());
    assert.deepEqual(
      found.map((object) => object?.type),
      ['blob', 'blob', 'blob', 'commit', 'tree', undefined, undefined, 'blob'],
    );
    assert.ok(found[0]?.content.equals(bytes));
    assert.equal(found[1]?.content.toString(), 'a\n\n5f blob 3\nb');
    assert.equal(found[2]?.content.length, 0);
    assert.equal(found[3]?.id, commit);
    assert.equal(found[7]?.content.toString(), 'a\n\n5f blob 3\nb');
  });

  it('starts one git for all reads, those at the same time too, which ends when it is disposed of', async () => {
    await using source = await createRepository();
    await source.commit({ a: 'a\n', b: 'b\n' });
    await using folder = await temporaryFolder();
    const { program, log } = await watchedGit(folder.path);
    {
      await using readers = openObjectReaders();
      const place = placeIn(source.path, program);
      const read = async (name: string): Promise<string> =>
        (await readObject(readers, place, name, call())).content.toString();
      const texts = await Promise.all(['HEAD:a', 'HEAD:b', 'HEAD:a'].map(read));
      assert.deepEqual(texts, ['a\n', 'b\n', 'a\n']);
      assert.equal(await read('HEAD:b'), 'b\n');
      await source.commit({ a: 'later\n' });
      assert.equal(await read('HEAD:a'), 'later\n');
      // Who reads for another phase shares it.
      await readers.read({ ...place, phase: 'build' }, ['HEAD'], call());
    }
    const started = await startedBy(log);
    assert.equal(started.length, 1);
    assert.equal(started.some(isAlive), false);
  });

  it('throws the reason of a signal, ends that git, and reads on with another', async () => {
    await using source = await createRepository();
    await source.commit({ a: 'a\n' });
    await using folder = await temporaryFolder();
    const hangsOnce = `test -e ${folder.path}/hung || { touch ${folder.path}/hung; sleep 600; }`;
    const { program, log } = await watchedGit(folder.path, hangsOnce);
    await using reader = openObjectReader(placeIn(source.path, program));
    const reason = new Error('enough');
    const abort = new AbortController();
    const reading = reader.read(['HEAD'], { signal: abort.signal, purpose: 'wait' });
    const next = reader.read(['HEAD:a'], call());
    while (!existsSync(join(folder.path, 'hung'))) await new Promise((resolve) => setTimeout(resolve, 10));
    abort.abort(reason);
    await assert.rejects(reading, (thrown) => thrown === reason);
    assert.equal((await next)[0]?.content.toString(), 'a\n');
    const [first = 0] = await startedBy(log);
    assert.equal(isAlive(first), false);
  });

  it('tells why git cannot be started, as other calls do', async () => {
    await using source = await createRepository();
    await source.commit({ a: 'a\n' });
    const place = { program: 'git', directory: join(source.path, 'a'), phase: 'build' } as const;
    await using reader = openObjectReader(place);
    const call = { ...untilLong(), purpose: 'read' };
    const failure = {
      name: 'PreheatError',
      phase: 'build',
      message: /^cannot read: .* is no folder, or git no/,
    };
    for (let time = 0; time < 2; time++) await assert.rejects(reader.read(['HEAD'], call), failure);
  });

  it('passes on what git complains, each time it is asked', async () => {
    await using folder = await temporaryFolder();
    await using reader = openObjectReader(placeIn(folder.path));
    for (const _ of [1, 2])
      await assert.rejects(reader.read(['HEAD'], call()), {
        name: 'PreheatError',
        phase: 'observe',
        message: /^cannot read something: not a git repository/,
      });
    await using none = openObjectReader(placeIn(folder.path, join(folder.path, 'none')));
    await assert.rejects(none.read(['HEAD'], call()), {
      name: 'PreheatError',
      message: /^cannot read something: there is no program ".*none"$/,
    });
  });
});

describe('openObjectReader, where things go wrong', () => {
  it('does not mix up answers after a name with a line end', async () => {
    await using source = await createRepository();
    const commit = await source.commit({ a: 'a\n', b: 'b\n' });
    await using reader = openObjectReader(placeIn(source.path));
    const names = [`${commit}\nHEAD`, 'HEAD:a', 'HEAD:a\r', 'HEAD:a\0'];
    const found = await reader.read(names, call());
    const texts = found.map((object) => object?.content.toString());
    assert.deepEqual(texts, [undefined, 'a\n', undefined, undefined]);
    assert.equal((await reader.read(['HEAD:b'], call()))[0]?.content.toString(), 'b\n');
  });

  it('says that an object is too large, with what it was read for', async () => {
    await using folder = await temporaryFolder();
    const program = join(folder.path, 'large-git');
    const id = '1'.repeat(40);
    await writeFile(program, `#!/bin/sh\nwhile read name; do echo "${id} blob 104857601"; done\n`);
    await chmod(program, 0o755);
    await using reader = openObjectReader(placeIn(folder.path, program));
    await assert.rejects(reader.read(['HEAD:large'], call()), {
      name: 'PreheatError',
      phase: 'observe',
      message: `cannot read something: object ${id} is larger than 100 MiB`,
    });
  });

  it('starts another git where one was killed between two reads', async () => {
    await using source = await createRepository();
    await source.commit({ a: 'a\n' });
    await using folder = await temporaryFolder();
    const { program, log } = await watchedGit(folder.path);
    await using reader = openObjectReader(placeIn(source.path, program));
    await reader.read(['HEAD'], call());
    const [pid = 0] = await startedBy(log);
    process.kill(pid, 'SIGKILL');
    while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal((await reader.read(['HEAD:a'], call()))[0]?.content.toString(), 'a\n');
  });

  it('leaves no git to those that read after the end', async () => {
    await using source = await createRepository();
    await source.commit({ a: 'a\n' });
    await using folder = await temporaryFolder();
    const { program, log } = await watchedGit(folder.path);
    const readers = openObjectReaders();
    await readers[Symbol.asyncDispose]();
    const late = await readObject(readers, placeIn(source.path, program), 'HEAD:a', call());
    assert.equal(late.content.toString(), 'a\n');
    const started = await startedBy(log);
    const alive = started.filter(isAlive);
    for (const pid of alive) process.kill(pid);
    assert.deepEqual([started.length, alive.length], [1, 0]);
  });

  it('takes git with it when the program exits between two reads', async () => {
    await using source = await createRepository();
    await source.commit({ a: 'a\n' });
    await using folder = await temporaryFolder();
    const mark = join(folder.path, 'survived');
    const { program } = await watchedGit(folder.path, `git "$@"; sleep 0.5; touch ${mark}; exit`);
    const module = new URL('../../../src/adapters/git/object-reader.ts', import.meta.url).href;
    const script = `
      import { openObjectReader } from ${JSON.stringify(module)};
      const reader = openObjectReader(${JSON.stringify(placeIn(source.path, program))});
      await reader.read(['HEAD'], { signal: new AbortController().signal, purpose: 'read' });
      process.exit(0);`;
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script]);
    assert.equal(status, 0, stderr.toString());
    await new Promise((resolve) => setTimeout(resolve, 2000));
    assert.equal(existsSync(mark), false);
  });
});

describe('findCommit', () => {
  it('reads nothing but commits of what begins with the digits', async () => {
    await using source = await createRepository();
    const commit = await source.commit();
    const digits = commit.slice(0, 4);
    const isLike = (text: string): boolean =>
      createHash('sha1').update(`blob ${text.length}\0${text}`).digest('hex').startsWith(digits);
    let at = 0;
    while (!isLike(`${at}`)) at++;
    run(['git', 'hash-object', '-w', '--stdin'], { cwd: source.path, input: `${at}` });
    await using readers = openObjectReaders();
    const types: (string | undefined)[] = [];
    const watched: ObjectReaders = {
      async read(place, names, reading) {
        const found = await readers.read(place, names, reading);
        types.push(...found.map((object) => object?.type));
        return found;
      },
      [Symbol.asyncDispose]: async () => {},
    };
    const found = await findCommit(placeIn(source.path), digits, { ...untilLong(), readers: watched });
    assert.equal(found, commit);
    assert.deepEqual(new Set(types), new Set(['commit', undefined]));
  });

  it('does not take a tag for its commit', async () => {
    await using source = await createRepository();
    const commit = await source.commit();
    source.git('tag', '--annotate', '--message', 'tagged', 'v1');
    const find = async (id: string) => await findCommit(placeIn(source.path), id, untilLong());
    assert.equal(await find(source.git('rev-parse', 'refs/tags/v1')), undefined);
    assert.equal(await find(commit.toUpperCase()), commit);
  });
});

describe('findEntryOf', () => {
  const name = fc.constantFrom('a', 'a.', 'a0', 'b', 'é', ' ', 'a\nb', '100644 a', '[a]*');
  const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
  const raw = (text: string): string => Buffer.from(text).toString('latin1');

  for (const format of ['sha1', 'sha256'])
    it(`finds in a tree of ${format} what git lists there, and nothing else`, async () => {
      const property = fc.asyncProperty(
        fc.uniqueArray(path, { minLength: 1, maxLength: 6 }),
        async (paths) => {
          await using source = await createRepository(`--object-format=${format}`);
          const files = paths.filter(
            (one) => !paths.some((other) => other !== one && other.startsWith(`${one}/`)),
          );
          const commit = await source.commit(
            Object.fromEntries(files.map((file) => [raw(file), `${file}!`])),
          );
          await using readers = openObjectReaders();
          for (const asked of [...paths, ...paths.map((one) => `${one}/a`), 'none']) {
            const words = ['ls-tree', '-z', '--full-tree', commit, asked];
            const listed = run(['git', '--literal-pathspecs', ...words], { cwd: source.path });
            const [, mode, id] = /^(\d+) \w+ ([0-9a-f]+)\t/.exec(listed) ?? [];
            const found = await findEntryOf(readers, placeIn(source.path), commit, asked, call());
            assert.deepEqual(
              found,
              mode === undefined ? undefined : { mode: mode.replace(/^0/, ''), id },
              asked,
            );
          }
        },
      );
      await fc.assert(property, { numRuns: runs(10) });
    });

  it('takes modes that old programs wrote as git takes them', async () => {
    await using source = await createRepository();
    await source.commit({ a: 'a\n' });
    const blob = source.git('rev-parse', 'HEAD:a');
    const writeTree = (...entries: readonly (readonly [string, string])[]): string => {
      const parts = entries.map(([name, id]) =>
        Buffer.concat([Buffer.from(`${name}\0`), Buffer.from(id, 'hex')]),
      );
      const command = ['git', 'hash-object', '-t', 'tree', '-w', '--literally', '--stdin'] as const;
      return run(command, { cwd: source.path, input: Buffer.concat(parts) }).trimEnd();
    };
    const files = ['0100644 a', '100600 b', '100664 c', '100775 d', '120777 l'] as const;
    const folder = writeTree(...files.map((name) => [name, blob] as const));
    const tree = writeTree(['040000 f', folder], ['160755 s', blob]);
    const commit = source.git('commit-tree', '-m', 'old', tree);
    await using readers = openObjectReaders();
    for (const path of ['f', 's', ...['a', 'b', 'c', 'd', 'l'].map((name) => `f/${name}`)]) {
      const listed = source.git('ls-tree', '--full-tree', commit, path);
      const mode = listed.split(' ', 1)[0]?.replace(/^0/, '');
      const found = await findEntryOf(readers, placeIn(source.path), commit, path, call());
      assert.equal(found?.mode, mode, path);
    }
  });

  it('does not take a tree that is missing for one without the path', async () => {
    await using source = await createRepository();
    const commit = await source.commit({ 'd/a': 'a\n' });
    const tree = source.git('rev-parse', `${commit}:d`);
    await rm(join(source.path, '.git/objects', tree.slice(0, 2), tree.slice(2)), { force: true });
    await using readers = openObjectReaders();
    await assert.rejects(findEntryOf(readers, placeIn(source.path), commit, 'd/a', call()), {
      name: 'PreheatError',
      message: `cannot read something: the clone lacks ${tree}`,
    });
  });
});

describe('firstInLine', () => {
  it('says what git lists first of a straight history, and nothing beyond a merge, an end or many steps', async () => {
    await using source = await createRepository();
    const chain: string[] = [];
    for (let at = 0; at < 12; at++) chain.push(await source.commit());
    const [tip = ''] = chain.slice(-1);
    await using readers = openObjectReaders();
    const first = async (directory: string, from: string, ...wanted: readonly (string | undefined)[]) =>
      await firstInLine(
        from,
        new Set(wanted.map(String)),
        readers,
        await openClone(placeIn(directory), untilLong()),
        call(),
      );
    assert.equal(await first(source.path, tip, chain[7], chain[9], chain[3]), chain[9]);
    assert.equal(await first(source.path, tip, tip, chain[9]), tip);
    assert.equal(await first(source.path, tip, chain[3]), chain[3]);
    assert.equal(await first(source.path, tip, chain[2]), undefined, 'too far to be told');
    assert.equal(await first(source.path, chain[1] ?? '', chain[5]), undefined);
    await using folder = await temporaryFolder();
    run(['git', 'clone', '--quiet', '--depth=2', `file://${source.path}`, folder.path]);
    assert.equal(await first(folder.path, tip, chain[10]), chain[10]);
    assert.equal(await first(folder.path, tip, chain[9]), undefined, 'the clone lacks it');
    run(['git', 'fetch', '--quiet', '--depth=5', 'origin'], { cwd: folder.path });
    assert.equal(await first(folder.path, tip, chain[7]), chain[7]);
    await writeFile(join(folder.path, '.git', 'shallow'), `${chain[10]}\n`);
    assert.equal(await first(folder.path, tip, chain[9]), undefined, 'its history ends before');
    source.git('checkout', '--quiet', '-b', 'side', chain[9] ?? '');
    await source.commit({ side: 'side\n' });
    source.git('merge', '--quiet', '--no-ff', '--message', 'merge', 'main');
    assert.equal(await first(source.path, source.git('rev-parse', 'HEAD'), chain[11]), undefined);
  });
});

describe('liesCloseBehind', () => {
  it('finds what lies a few steps behind, on each side of a merge, and nothing ahead or beside', async () => {
    await using source = await createRepository();
    const chain: string[] = [];
    for (let at = 0; at < 12; at++) chain.push(await source.commit());
    source.git('checkout', '--quiet', '-b', 'side', chain[9] ?? '');
    const side = await source.commit({ side: 'side\n' });
    source.git('checkout', '--quiet', 'main');
    source.git('merge', '--quiet', '--no-ff', '--message', 'merge', 'side');
    const merge = source.git('rev-parse', 'HEAD');
    await using readers = openObjectReaders();
    const lies = async (behind = '', tip = ''): Promise<boolean> =>
      await liesCloseBehind(behind, tip, readers, placeIn(source.path), call());
    assert.equal(await lies(chain[10], chain[11]), true);
    assert.equal(await lies(chain[3], chain[11]), true);
    assert.equal(await lies(side, merge), true);
    assert.equal(await lies(chain[8], merge), true);
    assert.equal(await lies(chain[2], chain[11]), false, 'too far to be told');
    assert.equal(await lies(chain[11], chain[10]), false);
    assert.equal(await lies(chain[11], chain[11]), false);
    assert.equal(await lies(side, chain[11]), false);
    assert.equal(await lies('0'.repeat(40), chain[0]), false);
  });
});
