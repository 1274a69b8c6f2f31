import assert from 'node:assert/strict';
import { gunzipSync } from 'node:zlib';
import { readLayer } from '../fidelity/read-layer.ts';
import { placedTar } from '../../src/build/placed-tar.ts';
import { openBench, type StepBench } from './step-run.ts';

const options = { signal: AbortSignal.timeout(300_000) };

describe('gp in a build', () => {
  let bench: StepBench;
  before(async () => {
    bench = await openBench();
  });
  after(async () => {
    await bench[Symbol.asyncDispose]();
  });

  const printedBy = (name: string): readonly string[] =>
    bench.said.lines.flatMap((line) => (line.startsWith(`[${name}] `) ? [line.slice(name.length + 3)] : []));

  it('lets tasks wait for each other, and leaves the events in the task layer', async () => {
    const { result } = await bench.run([
      { name: 'awaits', init: 'gp sync-await "my db" && echo "then $(ls /tmp/made)"' },
      {
        name: 'signals',
        init: 'touch /tmp/made && sleep 0.3 && gp sync-done "my db" && gp sync-done "my db"',
      },
    ]);
    assert.deepEqual(printedBy('awaits'), ['gp: waiting for "my db"', 'my db done', 'then /tmp/made']);
    const [task, patch] = result.layers;
    assert.ok(task !== undefined && patch === undefined, 'nothing that is carried was changed');
    const tar = gunzipSync(Buffer.concat(await Array.fromAsync(bench.staging.readLayer(task))));
    const entries = [...readLayer(tar)].map(({ path, mode, owner, mtime }) =>
      [path, mode, owner, mtime].join(' '),
    );
    assert.deepEqual(entries, [
      '.preheat 755 0:0 631152000.000000000',
      '.preheat/sync 755 0:0 631152000.000000000',
      '.preheat/sync/6d79206462 644 0:0 631152000.000000000',
    ]);
  });

  it('leaves nothing behind where nothing was signalled', async () => {
    const { result } = await bench.run([{ init: 'gp url 3000; gp info; gp env -e; gp ports list' }]);
    assert.deepEqual(result.layers, []);
  });

  it('waits for ports of other tasks without ss, netstat or curl', async () => {
    const server =
      "perl -MIO::Socket::INET -e 'sleep 1; $s = IO::Socket::INET->new(Listen => 1, LocalPort => 4711) or die; sleep 60' &";
    await bench.run([
      { name: 'server', init: server },
      { name: 'client', init: 'gp ports await 4711; gp await-port 4711' },
    ]);
    assert.deepEqual(printedBy('client'), [
      'gp: waiting for port 4711',
      'Awaiting port 4711... ok',
      'Awaiting port 4711... ok',
    ]);
  });

  it('says the same as in a workspace, passes over what is for workspaces, and refuses what would be a lie', async () => {
    const calls = [
      'gp url',
      'gp url 8080',
      'gp preview http://localhost',
      'gp open README.md',
      'gp ports list',
      'gp ports visibility 80:public',
      'gp ports expose 80',
      'gp tasks list',
      'gp stop',
      'gp timeout show',
      'gp snapshot',
      'gp env A=b',
      'gp validate',
    ];
    await bench.run([{ name: 'calls', init: calls.map((call) => `${call}; echo "$?"`).join('\n') }]);
    assert.deepEqual(printedBy('calls'), [
      'http://localhost',
      '0',
      'http://localhost:8080',
      '0',
      ...[
        'preview',
        'open',
        'ports list',
        'ports visibility',
        'ports expose',
        'tasks list',
        'stop',
        'timeout',
      ].flatMap((call) => [`gp: ${call}: nothing to do in a build`, '0']),
      'gp: there are no snapshots here; "docker commit" keeps a container as it is',
      '1',
      'gp: variables are not kept here; set them in .gitpod.yml (env:), secrets by --task-secrets',
      '1',
      'gp: a workspace cannot build itself; run "preheat validate" and "preheat build" where the clone is',
      '1',
    ]);
  });

  it('is found whatever PATH a task or ~/.bashrc sets', async () => {
    await bench.run([
      { name: 'own', env: { PATH: '/bin:/usr/bin' }, init: 'command -v gp; echo "PATH=/bin" >~/.bashrc' },
    ]);
    await bench.run([{ name: 'bashrc', before: 'echo "$PATH"', init: 'gp version' }], {
      onCreated: async (container) =>
        container.put(
          placedTar([{ path: '/root/.bashrc', mode: 0o644, content: Buffer.from('PATH=/usr/bin\n') }]),
          options,
        ),
    });
    assert.deepEqual(printedBy('own'), ['/.preheat/bin/gp']);
    assert.deepEqual(printedBy('bashrc'), ['/.preheat/bin:/usr/bin', 'gp of preheat, version 1']);
  });

  it('lets root use git in a checkout of the tasks’ user, beside what the image configures', async () => {
    await bench.run([
      {
        name: 'git',
        env: { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'a.b', GIT_CONFIG_VALUE_0: 'c' },
        init: 'env | grep ^GIT_CONFIG | sort',
      },
    ]);
    assert.deepEqual(printedBy('git'), [
      'GIT_CONFIG_COUNT=2',
      'GIT_CONFIG_KEY_0=a.b',
      'GIT_CONFIG_KEY_1=safe.directory',
      'GIT_CONFIG_VALUE_0=c',
      'GIT_CONFIG_VALUE_1=*',
    ]);
  });
});
