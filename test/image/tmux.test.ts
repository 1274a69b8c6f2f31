import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { eventually, hostWorkspace, SHELLS, type HostWorkspace } from './host-workspace.ts';

const TMUX = { tmux: 'tmux' } as const;

/** A terminal that looks into a workspace, itself kept by a tmux of its own. */
async function terminal(workspace: HostWorkspace, command: string) {
  const socket = join(workspace.root, 'outer');
  const tmux = async (...words: readonly string[]) => execa('tmux', ['-u', '-S', socket, ...words]);
  await tmux('-f', '/dev/null', 'new-session', '-d', '-s', 'outer', '-x', '120', '-y', '30', command);
  return {
    shows: async () => (await tmux('capture-pane', '-p', '-t', 'outer')).stdout,
    type: async (line: string) => tmux('send-keys', '-t', 'outer', line, 'Enter'),
    async [Symbol.asyncDispose]() {
      await execa('tmux', ['-S', socket, 'kill-server'], { reject: false });
    },
  };
}

describe('image/start where there is tmux', () => {
  for (const shell of SHELLS) {
    it(`runs each task in a terminal that can be entered, under ${shell}`, async () => {
      await using workspace = await hostWorkspace(
        [
          {
            name: 'web',
            before: 'COLOUR=$(colour)',
            command: '[ -t 0 ] && [ -t 1 ] && echo "on tty $COLOUR"',
          },
          { name: 'asks', command: 'read -r -p "Who? " who; echo "hello $who"; (exit 3)' },
        ],
        TMUX,
      );
      await writeFile(join(workspace.home, '.bashrc'), 'colour() { echo blue; }\nPS1="ready> "\n');
      await using shim = workspace.start(shell);
      await eventually(() => shim.printed().includes('[web] on tty blue'), 'the first task');

      await using web = await terminal(workspace, `${workspace.gp} tasks attach web`);
      await eventually(async () => /^ready>$/m.test(await web.shows()), 'the shell of the task');
      await web.type('echo "still $COLOUR"');
      await eventually(async () => /^still blue$/m.test(await web.shows()), 'what the task set');
      await using asks = await terminal(
        { ...workspace, root: workspace.run },
        `${workspace.gp} tasks attach 1`,
      );
      await eventually(async () => (await asks.shows()).includes('Who?'), 'the question');
      await asks.type('me');
      await eventually(() => shim.printed().includes('[asks] hello me'), 'the answer');
      await eventually(() => shim.printed().includes('exit code 3'), 'the end');
      shim.child.kill('SIGTERM');
      const { stdout, exitCode } = await shim.ended;
      assert.equal(exitCode, 0);
      assert.deepEqual(
        stdout.trimEnd().split('\n').toSorted(),
        [
          '[asks] Who? me',
          '[asks] hello me',
          '[asks] preheat: this task ended with exit code 3',
          '[web] on tty blue',
          'preheat: ready',
        ],
        'what people type into the shells is not repeated',
      );
      assert.match(await readFile(join(workspace.run, 'tasks/1.log'), 'utf8'), /^hello me$/m);
    });
  }

  it('ends what the tasks started, and tmux', async () => {
    const stubborn = `trap '' HUP TERM; echo $BASHPID >stubborn; while :; do sleep 60; done`;
    await using workspace = await hostWorkspace(
      [{ name: 'stubborn', command: `sleep 1000 & echo $! >daemon; ( ${stubborn} )` }],
      TMUX,
    );
    const pidOf = async (name: string): Promise<number> =>
      Number(await readFile(join(workspace.checkout, name), 'utf8').catch(() => '0'));
    await using shim = workspace.start('sh');
    await eventually(async () => (await pidOf('daemon')) > 0 && (await pidOf('stubborn')) > 0, 'the task');
    const pids = await Promise.all(['daemon', 'stubborn'].map(pidOf));
    shim.child.kill('SIGTERM');
    assert.equal((await shim.ended).exitCode, 0);
    await eventually(() => !pids.some(isAlive), 'the end of the task');
    const left = await execa('tmux', ['-S', join(workspace.run, 'tmux'), 'ls'], { reject: false });
    assert.notEqual(left.exitCode, 0);
  });

  it('says what bash cannot read, and how a task that exits ended', async () => {
    await using workspace = await hostWorkspace(
      [
        { name: 'odd', command: 'echo never; if then' },
        { name: 'exits', command: 'echo early; exit 4' },
      ],
      TMUX,
    );
    await using shim = workspace.start('sh');
    await eventually(() => shim.printed().includes('exit code 4'), 'the end of the second task');
    await eventually(() => shim.printed().includes('cannot read it'), 'the end of the first task');
    assert.match(shim.printed(), /^\[odd\] .*syntax error near unexpected token `then'$/m);
    assert.doesNotMatch(shim.printed(), /^\[odd\] never/m);
    const { stdout } = await execa(workspace.gp, ['tasks', 'list']);
    assert.match(stdout, /^0 +ended with 2 +odd\n1 +ended with 4 +exits$/m);
  });

  it('starts the tasks again in the next life of a container that was killed', async () => {
    await using workspace = await hostWorkspace([{ name: 'web', command: 'echo "up $$"; sleep 1000' }], TMUX);
    const killed = workspace.start('sh');
    await eventually(() => killed.printed().includes('[web] up'), 'the first life');
    const server = ['-S', join(workspace.run, 'tmux'), 'display-message', '-p', '#{pid}'];
    const pids = (await readFile(join(workspace.run, 'pids'), 'utf8')).trim().split('\n').map(Number);
    for (const pid of [Number((await execa('tmux', server)).stdout), killed.child.pid ?? 0, ...pids])
      process.kill(pid, 'SIGKILL');
    await killed.ended;
    const mark = (await readdir(workspace.run)).find((name) => name.startsWith('life-')) ?? '';
    await rm(join(workspace.run, mark), { recursive: true });
    await using shim = workspace.start('sh');
    await eventually(() => shim.printed().includes('[web] up'), 'the second life');
    assert.match((await execa(workspace.gp, ['tasks', 'list'])).stdout, /^0 +running +web$/m);
  });

  it('becomes a command, the tasks going on in their terminals', async () => {
    await using workspace = await hostWorkspace([{ name: 'web', command: 'echo started; sleep 1000' }], TMUX);
    assert.deepEqual(await workspace.start('sh', 'sh', '-c', 'echo in; exit 3').ended, {
      stdout: 'in\n',
      stderr: '',
      exitCode: 3,
    });
    const log = async () => readFile(join(workspace.run, 'tasks/0.log'), 'utf8').catch(() => '');
    await eventually(async () => (await log()) === 'started\n', 'the log');
    assert.match((await execa(workspace.gp, ['tasks', 'list'])).stdout, /^0 +running +web$/m);
    await execa(workspace.gp, ['tasks', 'stop', 'web', '-f']);
    await eventually(
      async () => /^0 +(?:ended|not running)/m.test((await execa(workspace.gp, ['tasks', 'list'])).stdout),
      'the end',
    );
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
