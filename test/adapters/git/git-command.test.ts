import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { askGit, runGit, saidBy, type GitPlace } from '../../../src/adapters/git/git-command.ts';
import { createRepository, temporaryFolder, untilLong } from './git-fixture.ts';

const call = (purpose = 'try') => ({ ...untilLong(), purpose });

interface Stand {
  readonly place: GitPlace;
}

/** A place where a script stands for git. */
async function placeOf(script: string): Promise<Stand & AsyncDisposable> {
  const folder = await temporaryFolder();
  const program = join(folder.path, 'git');
  await writeFile(program, `#!/bin/bash\n${script}\n`);
  await chmod(program, 0o755);
  return {
    place: { program, directory: folder.path, phase: 'build' },
    [Symbol.asyncDispose]: async () => await folder[Symbol.asyncDispose](),
  };
}

describe('runGit', () => {
  it('gives what git printed byte for byte, and hands over what it is to read', async () => {
    await using source = await createRepository();
    const place = { program: 'git', directory: source.path, phase: 'build' } as const;
    const input = Buffer.from(Array.from({ length: 300_000 }, (_, at) => at % 251));
    const args = ['hash-object', '-w', '--stdin'];
    const id = (await runGit(place, args, { ...call(), input })).toString('latin1').trim();
    assert.deepEqual(await runGit(place, ['cat-file', 'blob', id], call()), input);
  });

  it('does not fail for input that git leaves unread', async () => {
    await using stand = await placeOf('exec 0<&-; echo done');
    const input = Buffer.alloc(4 * 1024 * 1024);
    assert.equal((await runGit(stand.place, [], { ...call(), input })).toString(), 'done\n');
  });

  it('takes exit code 1 without a word for a no, and every other end for a failure', async () => {
    await using silent = await placeOf('exit 1');
    assert.equal(await askGit(silent.place, ['x'], call()), undefined);
    await assert.rejects(
      runGit(silent.place, ['x'], call()),
      /^PreheatError: cannot try: git x answered with no$/,
    );
    await using complaining = await placeOf('echo "fatal: no such thing" >&2; exit 1');
    await assert.rejects(askGit(complaining.place, ['x'], call()), /cannot try: no such thing$/);
    await using failing = await placeOf('exit 7');
    await assert.rejects(askGit(failing.place, ['x'], call()), /cannot try: git x ended with 7$/);
    await using killed = await placeOf('kill -9 $$');
    await assert.rejects(askGit(killed.place, ['x'], call()), /cannot try: git x was ended by SIGKILL$/);
  });

  it('keeps the end of a long complaint', async () => {
    await using stand = await placeOf(
      'for i in {1..40000}; do echo "remote: line $i of what a server says" >&2; done; echo "fatal: last" >&2; exit 128',
    );
    await assert.rejects(runGit(stand.place, ['fetch'], call()), (thrown) => {
      assert.match(String(thrown), /cannot try: last$/);
      const said = saidBy(thrown);
      assert.ok(said.endsWith('line 40000 of what a server says\nfatal: last\n'));
      assert.ok(said.length < 1.2 * 1024 * 1024, 'it is bounded');
      return true;
    });
  });

  it('says that there is no git, and that no program takes such arguments', async () => {
    await using stand = await placeOf('true');
    const absent = { ...stand.place, program: join(stand.place.directory, 'absent') };
    await assert.rejects(runGit(absent, ['x'], call()), { hint: 'Install git 2.31 or newer.' });
    await assert.rejects(runGit(stand.place, ['a\0b'], call()), /cannot try: .*null bytes/);
    const inFile = { ...stand.place, directory: stand.place.program };
    await assert.rejects(runGit(inFile, ['x'], call()), /is no folder, or .* no program$/);
    const long = 'x'.repeat(3 * 1024 * 1024);
    await assert.rejects(runGit(stand.place, [long], call()), /cannot try: spawn E2BIG$/);
  });

  it('ends git, with what it started, where it prints without an end', async () => {
    await using stand = await placeOf('echo $$ >pid; yes | head --bytes 105000000; sleep 1000 & wait');
    const args = ['-c', 'a.b=c', 'log'];
    await assert.rejects(runGit(stand.place, args, call()), /cannot try: git log printed more than 100 MiB$/);
    const pid = (await readFile(join(stand.place.directory, 'pid'), 'utf8')).trim();
    assert.ok(!existsSync(`/proc/${pid}/exe`));
  });

  it('throws the reason of a signal, before git is started and while it runs with others', async () => {
    await using stand = await placeOf('touch started; sleep 1000 & wait');
    const reason = new Error('enough');
    await assert.rejects(runGit(stand.place, [], { ...call(), signal: AbortSignal.abort(reason) }), reason);
    assert.ok(!existsSync(join(stand.place.directory, 'started')));
    const stop = new AbortController();
    const running = runGit(stand.place, [], { ...call(), signal: stop.signal });
    setTimeout(() => stop.abort(reason), 200);
    await once(stop.signal, 'abort');
    await assert.rejects(running, reason);
  });
});
