import assert from 'node:assert/strict';
import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { eventually, hostWorkspace, SHELLS } from './host-workspace.ts';

describe('image/start', () => {
  for (const shell of SHELLS) {
    describe(`run by ${shell}`, () => {
      it('runs before and command of each task in an interactive bash that reads ~/.bashrc', async () => {
        await using workspace = await hostWorkspace(
          [
            {
              name: 'web',
              before: 'FOO=$(from_bashrc)',
              command: 'echo "$FOO $A $B $GITPOD_REPO_ROOT"; pwd',
              env: { B: "it's" },
            },
            {
              name: 'db',
              init: 'echo never',
              command: 'echo "oops! $- $TERM ${GITPOD_HEADLESS-unset}" >&2; exit 0; echo never',
            },
          ],
          { env: { A: 'a b', B: 'overridden', GITPOD_HEADLESS: 'true' } },
        );
        const { checkout, home, run } = workspace;
        await writeFile(
          join(home, '.bashrc'),
          'case $- in *i*) ;; *) return;; esac\necho warned >&2\nfrom_bashrc() { echo bashrc; }\n',
        );
        await using shim = workspace.start(shell);
        await eventually(
          () => /unset$/m.test(shim.printed()) && shim.printed().includes(`[web] ${checkout}`),
          'output',
        );
        shim.child.kill('SIGTERM');
        const { stdout, stderr, exitCode } = await shim.ended;
        assert.deepEqual(stdout.trimEnd().split('\n').toSorted(), [
          '[db] oops! hiB xterm-256color unset',
          '[db] warned',
          `[web] ${checkout}`,
          `[web] bashrc a b it's ${checkout}`,
          '[web] warned',
          'preheat: ready',
        ]);
        assert.equal(stderr, '');
        assert.equal(exitCode, 0);
        assert.equal(
          await readFile(join(run, 'tasks/0.log'), 'utf8'),
          `warned\nbashrc a b it's ${checkout}\n${checkout}\n`,
        );
        await assert.rejects(
          access(join(home, '.bash_history')),
          'the history must not hold the text of tasks',
        );
      });

      it('says how a task failed and what bash could not read', async () => {
        await using workspace = await hostWorkspace([
          { name: 'fails', before: 'false', command: 'echo never' },
          { name: 'odd', command: 'echo never; if then' },
        ]);
        await using shim = workspace.start(shell);
        await eventually(
          () => shim.printed().includes('[fails] ') && shim.printed().includes('was not run'),
          'failures',
        );
        assert.match(shim.printed(), /^\[fails\] preheat: this task ended with exit code 1$/m);
        assert.match(shim.printed(), /^\[odd\] .*syntax error near unexpected token `then'$/m);
        assert.match(shim.printed(), /^\[odd\] preheat: this task was not run: bash cannot read it$/m);
        assert.doesNotMatch(shim.printed(), /^\[\w+\] never/m);
      });

      it('ends everything that the tasks started', async () => {
        const stubborn = `trap '' HUP TERM; echo $BASHPID >stubborn; while :; do sleep 60; done`;
        await using workspace = await hostWorkspace([
          { name: 'server', command: '(sleep 1000 & echo $! >daemon); sleep 1000; touch next-statement' },
          { name: 'stubborn', command: `( ${stubborn} )` },
        ]);
        const pidOf = async (name: string): Promise<number> =>
          Number(await readFile(join(workspace.checkout, name), 'utf8').catch(() => '0'));
        await using shim = workspace.start(shell);
        await eventually(async () => (await pidOf('daemon')) > 0 && (await pidOf('stubborn')) > 0, 'tasks');
        const pids = await Promise.all(['daemon', 'stubborn'].map(pidOf));
        shim.child.kill('SIGTERM');
        assert.equal((await shim.ended).exitCode, 0);
        await eventually(() => !pids.some(isAlive), 'the end of the tasks');
        await assert.rejects(access(join(workspace.checkout, 'next-statement')));
      });

      it('becomes a command, the tasks telling only their logs', async () => {
        await using workspace = await hostWorkspace([
          // Whoever reads what CMD prints must not wait for it.
          { name: 'web', command: 'echo started | tee -a started; sleep 1000' },
        ]);
        const { checkout, run } = workspace;
        const first = await workspace.start(shell, 'sh', '-c', 'echo "in $PWD"; exit 3').ended;
        assert.deepEqual(first, { stdout: `in ${checkout}\n`, stderr: '', exitCode: 3 });
        const log = async (): Promise<string> => readFile(join(run, 'tasks/0.log'), 'utf8').catch(() => '');
        await eventually(async () => (await log()) === 'started\n', 'the log');
        await execa(workspace.gp, ['tasks', 'stop', 'web', '--force']);
      });

      it('starts the tasks once in the life of a container', async () => {
        await using workspace = await hostWorkspace([{ name: 'web', command: 'echo started >>started' }]);
        const started = async (): Promise<string> =>
          readFile(join(workspace.checkout, 'started'), 'utf8').catch(() => '');
        await workspace.start(shell, 'true').ended;
        await eventually(async () => (await started()) !== '', 'the task');
        await workspace.start(shell, 'true').ended;
        await using shim = workspace.start(shell);
        await eventually(() => shim.printed().includes('preheat: ready'), 'ready');
        assert.match(
          shim.printed(),
          /^preheat: the tasks were started before; their logs are in .*\/run\/tasks$/m,
        );
        assert.equal(await started(), 'started\n');
      });
    });
  }

  it('tells git who works here, where git knows nobody', async () => {
    const environment = { GITPOD_GIT_USER_NAME: 'A. Person', GITPOD_GIT_USER_EMAIL: 'a@example.org' };
    await using workspace = await hostWorkspace([], { environment });
    const file = join(workspace.home, '.gitconfig');
    await writeFile(file, '[user]\n\temail = own@example.org\n');
    await workspace.start('sh', 'true').ended;
    assert.equal(await readFile(file, 'utf8'), '[user]\n\temail = own@example.org\n\tname = A. Person\n');
  });

  it('works without tasks, without a checkout and without bash', async () => {
    await using workspace = await hostWorkspace([]);
    await using shim = workspace.start('sh');
    await eventually(() => shim.printed() === 'preheat: ready\n', 'ready');
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
