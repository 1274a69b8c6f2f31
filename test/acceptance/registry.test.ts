import assert from 'node:assert/strict';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { makeClone, type TestClone } from '../support/clone.ts';
import { containersMadeBy, removeImagesOf } from '../support/containers.ts';
import { preheat, readOutcome, startPreheat } from '../support/preheat.ts';
import { pushFromEngine } from '../support/push-from-engine.ts';
import { ACCOUNT, startRegistry, type AccessEntry, type TestRegistry } from '../support/registry.ts';

const SECRET = { REGISTRY_USERNAME: ACCOUNT.username, REGISTRY_PASSWORD: ACCOUNT.password };
const isUpload = ({ method, path }: AccessEntry): boolean => method === 'PUT' && path.includes('/blobs/');
const isDownload = ({ method, path }: AccessEntry): boolean => method === 'GET' && path.includes('/blobs/');
const isMount = ({ method, path, status }: AccessEntry): boolean =>
  method === 'POST' && path.includes('mount=') && status === 201;

for (const password of [false, true]) {
  describe(`preheat build into a registry ${password ? 'with a password' : 'that lets everyone in'}`, () => {
    let registry: TestRegistry;
    let clone: TestClone;
    let image: string;
    const env = password ? SECRET : {};
    const words = (): readonly string[] => ['build', '--registry', `${registry.host}/team/app`];
    const build = () => preheat(words(), { cwd: clone.directory, env });

    before(async () => {
      registry = await startRegistry({ password });
      image = await pushFromEngine('debian:bookworm', `${registry.host}/base/debian:bookworm`, env);
      clone = await makeClone({
        '.gitpod.yml': `image: ${image}\ntasks:\n  - init: echo made > made.txt\n`,
        'README.md': 'hello\n',
        '.gitignore': 'made.txt\n',
      });
    });
    after(async () => {
      await removeImagesOf(registry.host);
      await clone[Symbol.asyncDispose]();
      await registry[Symbol.asyncDispose]();
    });

    it('mounts the base and sends only what is new', async () => {
      await registry.takeRequests();
      const { exitCode, stderr } = await build();
      assert.equal(exitCode, 0, stderr);
      const requests = await registry.takeRequests();
      const outcome = await readOutcome(clone.directory);
      const own = outcome.layers.filter(({ role }) => role !== 'base').length;
      assert.equal(
        requests.filter(isMount).length >= outcome.layers.length - own,
        true,
        'the base was not mounted',
      );
      // Its own layers; the configs of the image, of the record, of the keyframe and of the pins; two files and the config of
      // the report.
      assert.equal(requests.filter(isUpload).length, own + 7);
      assert.equal(outcome.uploaded.blobs, own + 3);
    });

    it('leaves an image that any engine can pull and run', async () => {
      const { image: name = '' } = await readOutcome(clone.directory);
      await using config = await mkdtempDisposable(join(tmpdir(), 'preheat-docker-'));
      const docker = ['--config', config.path];
      if (password) {
        const login = ['login', '--username', ACCOUNT.username, '--password-stdin', registry.host];
        await execa('docker', [...docker, ...login], { input: ACCOUNT.password });
      }
      await execa('docker', [...docker, 'pull', '--quiet', name]);
      try {
        const { stdout } = await execa('docker', [
          'run',
          '--rm',
          name,
          'bash',
          '-c',
          'cat made.txt; git status --porcelain; pwd',
        ]);
        assert.equal(stdout, 'made\n/workspace/app');
      } finally {
        await execa('docker', ['rmi', name]);
      }
    });

    it('asks at most 12 times about the same commit, starts no container and reads no layer', async () => {
      const first = await readOutcome(clone.directory);
      await registry.takeRequests();
      const since = Date.now();
      const running = startPreheat(words(), { cwd: clone.directory, env });
      const { exitCode, stderr } = await running;
      assert.equal(exitCode, 0, stderr);
      const requests = await registry.takeRequests();
      assert.ok(requests.length <= 12, `${requests.length} requests`);
      assert.deepEqual(requests.filter(isDownload), []);
      assert.equal(await containersMadeBy(running.pid ?? 0, since), 0);
      assert.equal((await readOutcome(clone.directory)).digest, first.digest);
    });

    it('does not send the base again for another commit', async () => {
      await clone.commit({ 'README.md': 'hello again\n' });
      await registry.takeRequests();
      const { exitCode, stderr } = await build();
      assert.equal(exitCode, 0, stderr);
      const requests = await registry.takeRequests();
      const outcome = await readOutcome(clone.directory);
      const own = outcome.layers.filter(({ role }) => !['base', 'runtime'].includes(role)).length;
      // The configs of image and record, and the files of the report, whose config is there.
      assert.ok(requests.filter(isUpload).length <= own + 4);
      assert.deepEqual(
        outcome.layers.filter(({ role }) => role === 'base').map(({ reused }) => reused),
        [true],
      );
    });

    it('keeps tags of scope and commit, and hints', async () => {
      await clone.git('checkout', '--quiet', '-b', 'feature/x');
      const { exitCode, stderr } = await build();
      assert.equal(exitCode, 0, stderr);
      const login = password ? ['--username', ACCOUNT.username, '--password', ACCOUNT.password] : [];
      const { stdout } = await execa('oras', [
        'repo',
        'tags',
        '--plain-http',
        ...login,
        `${registry.host}/team/app`,
      ]);
      const kinds = new Set(
        stdout.split('\n').map((tag) => tag.replace(/-[0-9a-f]{40}$/, '').replace(/\.[0-9a-f]{12}$/, '')),
      );
      const expected = [
        'branch-main',
        'branch-feature-x',
        'commit-protected.main',
        'commit-branch.feature-x',
      ];
      assert.deepEqual(
        expected.filter((kind) => !kinds.has(kind)),
        [],
      );
    });
  });
}
