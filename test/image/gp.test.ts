import assert from 'node:assert/strict';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createConnection } from 'node:net';
import { execa, type Options } from 'execa';
import type { Port } from '../../src/config/workspace-config.ts';
import { eventually, hostWorkspace, SHELLS, type HostWorkspace } from './host-workspace.ts';

const IN_WORKSPACE = {
  GITPOD_WORKSPACE_URL: 'http://localhost',
  GITPOD_WORKSPACE_ID: 'app',
  GITPOD_HEADLESS: '',
};

async function listen(host: string, port = 0): Promise<Server & AsyncDisposable> {
  const server = createServer((socket) => socket.end('hello'));
  server.listen(port, host);
  await once(server, 'listening');
  return server;
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

for (const shell of SHELLS) {
  const gp = async (workspace: HostWorkspace, words: readonly string[], more: Options = {}) => {
    const [program = 'sh', ...options] = shell.split(' ');
    const { stdout, stderr, exitCode } = await execa(program, [...options, workspace.gp, ...words], {
      reject: false,
      ...more,
      env: { ...IN_WORKSPACE, ...more.env },
    });
    return { stdout: String(stdout), stderr: String(stderr), exitCode };
  };

  describe(`gp in a workspace, run by ${shell}`, () => {
    it('lets one wait for an event that another signals', async () => {
      await using workspace = await hostWorkspace([]);
      const waiting = gp(workspace, ['sync-await', "it's ü"]);
      assert.deepEqual(await gp(workspace, ['sync-done', "it's ü"]), { stdout: '', stderr: '', exitCode: 0 });
      const { stdout, exitCode } = await waiting;
      assert.deepEqual([stdout, exitCode], ["it's ü done", 0]);
      assert.equal((await gp(workspace, ['sync-await', "it's ü"])).stdout, "it's ü done");
    });

    it('knows the events of the build', async () => {
      await using workspace = await hostWorkspace([]);
      await mkdir(join(workspace.root, '.preheat/sync'));
      await writeFile(join(workspace.root, '.preheat/sync/6462'), '');
      assert.equal((await gp(workspace, ['sync-await', 'db'])).stdout, 'db done');
    });

    it('refuses events that it cannot keep', async () => {
      await using workspace = await hostWorkspace([]);
      for (const words of [['sync-done'], ['sync-await', ''], ['sync-done', 'x'.repeat(121)]])
        assert.equal((await gp(workspace, words)).exitCode, 1);
      await writeFile(workspace.run, '');
      const failed = await gp(workspace, ['sync-done', 'db']);
      assert.equal(failed.exitCode, 1);
      assert.match(failed.stderr, /^gp: cannot signal "db": .* cannot be written$/m);
    });

    it('waits for a port at any address', async () => {
      await using workspace = await hostWorkspace([]);
      for (const host of ['127.0.0.1', '::1', '0.0.0.0']) {
        const free = await listen(host);
        const port = portOf(free);
        await free[Symbol.asyncDispose]();
        const waiting = gp(workspace, ['ports', 'await', String(port)]);
        await using _server = await listen(host, port);
        assert.deepEqual(
          [(await waiting).stdout, (await waiting).exitCode],
          [`Awaiting port ${port}... ok`, 0],
        );
      }
      for (const word of ['', '0', '65536', '80a', '-1', '99999999999'])
        assert.equal((await gp(workspace, ['await-port', word])).exitCode, 1, word);
    });

    it('lists the ports that are configured', async () => {
      await using server = await listen('127.0.0.1');
      const open = portOf(server);
      const ports: readonly Port[] = [
        { first: open, last: open, onOpen: 'open-browser', visibility: 'public', name: 'web' },
        { first: 1, last: 1, onOpen: 'notify', visibility: 'private', protocol: 'https' },
        { first: 3000, last: 3010, onOpen: 'ignore', visibility: 'private' },
      ];
      await using workspace = await hostWorkspace([], { ports });
      const { stdout } = await gp(workspace, ['ports', 'list']);
      const rows = stdout.split('\n').map((line) => line.trim().split(/ +/));
      assert.deepEqual(rows.slice(1), [
        [`${open}`, 'open', `http://localhost:${open}`, 'public', 'open-browser', 'web'],
        ['1', 'closed', 'https://localhost:1', 'private', 'notify'],
        ['3000-3010', '-', '-', 'private', 'ignore'],
      ]);
      await using plain = await hostWorkspace([]);
      assert.equal((await gp(plain, ['ports', 'list'])).stdout, 'No ports are configured.');
    });

    it('makes a port of localhost reachable from outside', async () => {
      await using workspace = await hostWorkspace([]);
      await using inner = await listen('127.0.0.1');
      const free = await listen('0.0.0.0');
      const target = portOf(free);
      await free[Symbol.asyncDispose]();
      const [program = 'sh', ...options] = shell.split(' ');
      const words = ['ports', 'expose', String(portOf(inner)), String(target)];
      const forwarding = execa(program, [...options, workspace.gp, ...words], { reject: false });
      await gp(workspace, ['ports', 'await', String(target)]);
      assert.equal(await text(createConnection(target, '127.0.0.1')), 'hello');
      forwarding.kill();
      await forwarding;
    });

    it('writes addresses', async () => {
      await using workspace = await hostWorkspace([]);
      const urlOf = async (port: readonly string[], base?: string) =>
        (
          await gp(
            workspace,
            ['url', ...port],
            base === undefined ? {} : { env: { GITPOD_WORKSPACE_URL: base } },
          )
        ).stdout;
      assert.deepEqual(
        [await urlOf([]), await urlOf(['3000']), await urlOf(['80'], 'https://dev.example/')],
        ['http://localhost', 'http://localhost:3000', 'https://dev.example:80'],
      );
      assert.equal((await gp(workspace, ['url', 'web'])).exitCode, 1);
      const moved = { env: { PREHEAT_PORTS: '80=8080 3000=3001' } };
      const addresses = ['80', '3000', '300', '0'].map(async (port) => {
        const { stdout } = await gp(workspace, ['url', port], moved);
        return stdout;
      });
      assert.deepEqual(await Promise.all(addresses), [
        'http://localhost:8080',
        'http://localhost:3001',
        'http://localhost:300',
        '',
      ]);
    });

    it('hands addresses to a browser and files to an editor, where there is one', async () => {
      await using workspace = await hostWorkspace([]);
      const program = join(workspace.root, 'code');
      await writeFile(program, '#!/bin/sh\nprintf "%s," "$@"\n');
      await chmod(program, 0o755);
      const address = ['preview', '--external', 'http://localhost:3000'];
      assert.equal(
        (await gp(workspace, address, { env: { BROWSER: program } })).stdout,
        'http://localhost:3000,',
      );
      assert.equal(
        (await gp(workspace, address, { env: { BROWSER: '' } })).stdout,
        'Open http://localhost:3000 in your browser.',
      );
      const path = `${workspace.root}:${process.env['PATH']}`;
      assert.equal(
        (await gp(workspace, ['open', '-w', 'a b'], { env: { PATH: path } })).stdout,
        '--wait,a b,',
      );
      const unopened = await gp(workspace, ['open', 'a'], { env: { PATH: '/usr/bin:/bin' } });
      assert.equal(unopened.exitCode, 1);
      assert.match(unopened.stderr, /no editor is attached/);
    });

    it('gives variables to the shell that asks, and promises no more', async () => {
      await using workspace = await hostWorkspace([]);
      const { stdout } = await gp(workspace, ['env', '-e', String.raw`A=it's $HOME\n`, 'B=']);
      const values = await execa('sh', ['-c', `${stdout}; printf '%s|%s' "$A" "\${B-unset}"`]);
      assert.equal(values.stdout, String.raw`it's $HOME\n|`);
      assert.equal((await gp(workspace, ['env', '-u', 'A', '-s', 'user'])).stdout, 'unset A');
      assert.deepEqual(await gp(workspace, ['env', '-e']), { stdout: '', stderr: '', exitCode: 0 });
      for (const words of [['A=b'], ['-e', 'A'], ['-e', 'a-b=c'], ['-x', 'A=b'], ['-u', 'a;id']]) {
        const refused = await gp(workspace, ['env', ...words]);
        assert.deepEqual([refused.exitCode, refused.stdout], [1, ''], words.join(' '));
      }
    });

    it('tells of the workspace', async () => {
      await using workspace = await hostWorkspace([]);
      const { stdout } = await gp(workspace, ['info', '--json'], { env: { GITPOD_REPO_ROOT: '/a "b\\' } });
      assert.deepEqual(JSON.parse(stdout), {
        workspaceId: 'app',
        workspaceUrl: 'http://localhost',
        repoRoot: '/a "b\\',
      });
      assert.match(
        (await gp(workspace, ['info'])).stdout,
        new RegExp(`^Repository +${workspace.checkout}$`, 'm'),
      );
      assert.match((await gp(workspace, ['timeout', 'show'])).stdout, /no timeout/);
      assert.equal((await gp(workspace, ['timeout', 'set', '1h'])).exitCode, 1);
      assert.equal((await gp(workspace, [])).stdout, (await gp(workspace, ['--help'])).stdout);
      assert.match((await gp(workspace, ['version'])).stdout, /^gp of preheat, version \d+$/);
      const unknown = await gp(workspace, ['push']);
      assert.deepEqual(
        [unknown.exitCode, unknown.stderr],
        [1, 'gp: gp has no "push"; "gp help" lists what it has'],
      );
    });

    it('begins a .gitpod.yml, once', async () => {
      await using workspace = await hostWorkspace([]);
      const file = join(workspace.checkout, '.gitpod.yml');
      assert.equal((await gp(workspace, ['init'])).stdout, file);
      assert.match(await readFile(file, 'utf8'), /^tasks:\n {2}- init: /);
      assert.equal((await gp(workspace, ['init'])).exitCode, 1);
    });

    it('lists, follows and stops tasks, and stops the workspace', async () => {
      await using workspace = await hostWorkspace([
        { name: 'web', command: 'echo up; sleep 1000' },
        { init: 'true' },
        { name: 'done', command: '(exit 3)' },
      ]);
      assert.match(
        (await gp(workspace, ['tasks', 'list'])).stdout,
        /^0 +not running +web\n2 +not running +done$/m,
      );
      assert.equal((await gp(workspace, ['stop'])).exitCode, 1);
      await using shim = workspace.start(shell);
      await eventually(
        () => shim.printed().includes('[web] up') && shim.printed().includes('code 3'),
        'tasks',
      );
      const listed = async () => (await gp(workspace, ['tasks', 'list'])).stdout;
      assert.match(await listed(), /^0 +running +web\n2 +ended with 3 +done$/m);
      assert.equal((await gp(workspace, ['tasks', 'attach'])).exitCode, 1, 'which one is not said');
      const following = execa(workspace.gp, ['tasks', 'attach', 'web'], { reject: false });
      following.stdout.once('data', () => following.kill());
      assert.equal((await following).stdout, 'up');
      await gp(workspace, ['tasks', 'stop', 'web']);
      await eventually(async () => /^0 +ended with \d+ +web$/m.test(await listed()), 'the end of the task');
      assert.equal((await gp(workspace, ['stop'])).exitCode, 0);
      assert.equal((await shim.ended).exitCode, 0);
    });
  });
}
