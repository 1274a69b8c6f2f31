import assert from 'node:assert/strict';
import { mkdtempDisposable, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { execa } from 'execa';
import { workspaceVariables } from '../../src/kernel/workspace-variables.ts';
import { ImageConfig } from '../../src/oci/image-config.ts';
import { Manifest } from '../../src/oci/manifest.ts';
import { MEDIA_TYPE } from '../../src/oci/media-types.ts';
import {
  programLayer,
  repositoryWriter,
  type BaseImage,
  type RepositoryWriter,
} from '../support/base-image.ts';
import { entry, tarOfEntries } from '../support/layer-entries.ts';
import { makeClone } from '../support/clone.ts';
import { removeImagesOf } from '../support/containers.ts';
import { preheat, readOutcome, type Run } from '../support/preheat.ts';
import { ACCOUNT, startRegistry, type TestRegistry } from '../support/registry.ts';

const ARCHITECTURE = process.arch === 'x64' ? 'amd64' : process.arch;

/** What a build of one commit left. */
interface Built extends Run {
  readonly clone: string;
}

const FOLDERS = { checkoutLocation: '/workspace/app', workspaceLocation: '/workspace/app' };

describe('preheat build on odd bases', () => {
  const stack = new AsyncDisposableStack();
  let bases: TestRegistry;
  let target: TestRegistry;
  let docker: string;
  const writer = (name: string): RepositoryWriter => repositoryWriter(bases.host, name, ACCOUNT);
  const nameOf = (repository: string, tag = '1'): string => `${bases.host}/${repository}:${tag}`;

  /** Puts a base of the programs and `image` on top of them into the registry of bases. */
  const push = async (repository: string, image: Partial<BaseImage> = {}): Promise<string> => {
    const layers = [await programLayer(), ...(image.layers ?? [])];
    await writer(repository).image({ ...image, layers }, '1');
    return nameOf(repository);
  };

  const build = async (
    gitpodYml: string,
    words: readonly string[] = [],
    env: Readonly<Record<string, string>> = { DOCKER_CONFIG: docker },
  ): Promise<Built & AsyncDisposable> => {
    const clone = await makeClone({
      '.gitpod.yml': gitpodYml,
      'README.md': 'hello\n',
      '.gitignore': 'made\n',
    });
    const run = await preheat(['build', '--registry', `${target.host}/team/app`, ...words], {
      cwd: clone.directory,
      env,
    });
    return { ...run, clone: clone.directory, [Symbol.asyncDispose]: () => clone[Symbol.asyncDispose]() };
  };

  const readTarget = async (path: string, accept = MEDIA_TYPE.manifest): Promise<Uint8Array> => {
    const answer = await fetch(`http://${target.host}/v2/team/app/${path}`, { headers: { accept } });
    assert.equal(answer.status, 200, path);
    return Buffer.from(await answer.arrayBuffer());
  };
  const readImage = async ({ clone }: Built) => {
    const { digest } = await readOutcome(clone);
    const manifest = Manifest.parse(JSON.parse((await readTarget(`manifests/${digest}`)).toString()));
    const config = ImageConfig.parse(
      JSON.parse((await readTarget(`blobs/${manifest.config.digest}`)).toString()),
    );
    return { manifest, config };
  };

  before(async () => {
    bases = stack.use(await startRegistry({ password: true }));
    target = stack.use(await startRegistry());
    stack.defer(async () => {
      for (const { host } of [bases, target]) await removeImagesOf(host);
    });
    const folder = stack.use(await mkdtempDisposable(join(tmpdir(), 'preheat-docker-')));
    docker = folder.path;
    const auth = Buffer.from(`${ACCOUNT.username}:${ACCOUNT.password}`).toString('base64');
    await writeFile(join(docker, 'config.json'), JSON.stringify({ auths: { [bases.host]: { auth } } }));
  });
  after(() => stack.disposeAsync());

  describe('one in which everything is odd, in an index, from a registry with a password', () => {
    const METADATA = [{ id: 'theirs', remoteUser: 'someone' }];
    const LONG = 'x'.repeat(10_000);
    const ENV = {
      EMPTY: '',
      EQUALS: 'a=b=c',
      LINES: 'one\ntwo',
      HOME: '/nowhere',
      LD_PRELOAD: '/no/such.so',
      BASH_ENV: '/no/such/file',
      TAR_OPTIONS: '--exclude=*',
      TAPE: '/no/such/tape',
      POSIXLY_CORRECT: '1',
    };
    const CONFIG = {
      User: '12345:678',
      Env: Object.entries(ENV).map(([name, value]) => `${name}=${value}`),
      Entrypoint: ['/no/such/program'],
      Cmd: ['--never'],
      WorkingDir: '/etc/marker',
      Shell: ['/bin/odd', '-c'],
      StopSignal: 'SIGRTMIN+3',
      Healthcheck: { Test: ['CMD-SHELL', 'touch /checked'], Interval: 1_000_000_000 },
      OnBuild: ['RUN touch /triggered', 'COPY . /everything'],
      Volumes: { '/workspace': {}, '/opt/written': {}, '/opt/other': {} },
      ExposedPorts: { '53/udp': {} },
      Labels: { long: LONG, 'devcontainer.metadata': JSON.stringify(METADATA), theirs: 'kept' },
    };
    const TASK = String.raw`
      id -u; id -g; pwd; echo "[$EMPTY] [$EQUALS] [$LINES] [$HOME]"
      cat /workspace/theirs
      cat /proc/*/environ > /opt/written/environ 2>/dev/null; ls -R /run/preheat >> /opt/written/environ || true
      grep -s -r '' /run/preheat/tasks /root /etc >> /opt/written/environ || true
      echo written > /opt/written/x; echo made > made; echo bin > /usr/local/bin/tool
    `;
    let built: Built & AsyncDisposable;
    let gitpodYml: string;
    const layers = async (): Promise<readonly Uint8Array[]> => {
      const open = { mode: 0o1777 } as const;
      const content = await tarOfEntries(
        entry('etc', 'directory'),
        entry('etc/marker', 'file', { text: 'a file where the folder should be\n' }),
        entry('opt', 'directory', open),
        entry('opt/written', 'directory', open),
        entry('opt/bin', 'directory', open),
        entry('usr', 'directory'),
        entry('usr/local', 'directory'),
        entry('usr/local/bin', 'symlink', { mode: 0o777, target: '/opt/bin' }),
        entry('workspace', 'directory', open),
        entry('workspace/theirs', 'file', { text: 'theirs\n' }),
      );
      const empty = Buffer.alloc(1024);
      const twice = await tarOfEntries(entry('twice', 'file', { text: 'twice\n' }));
      return [await programLayer(), content, empty, twice, empty, twice];
    };
    const history = [
      ...Array.from({ length: 6 }, (_, at) => ({ created_by: `foreign ${at}` })),
      { created_by: 'ENV x', empty_layer: true },
    ];

    before(async () => {
      const base = { layers: await layers(), config: CONFIG, dialect: 'docker' } as const;
      const odd = writer('team/odd');
      const own = await odd.image({ ...base, more: { history, created: '2020-01-01T00:00:00Z' } });
      const small = { layers: [await tarOfEntries(entry('other', 'file'))] };
      const other = await odd.image({ ...small, platform: { architecture: 's390x' } });
      const newer = await odd.image({ ...small, platform: { variant: 'v9' } });
      const attestation = await odd.image({ ...small, platform: { os: 'unknown', architecture: 'unknown' } });
      const at = (os: string, architecture: string, variant?: string) => ({ os, architecture, variant });
      const refers = {
        'vnd.docker.reference.type': 'attestation-manifest',
        'vnd.docker.reference.digest': own.digest,
      };
      const manifests = [
        { ...attestation, platform: at('unknown', 'unknown'), annotations: refers },
        { ...other, platform: at('linux', 's390x') },
        { ...newer, platform: at('linux', ARCHITECTURE, 'v9') },
        { ...own, platform: at('linux', ARCHITECTURE) },
      ];
      await odd.manifest({ schemaVersion: 2, mediaType: MEDIA_TYPE.index, manifests }, '1');
      gitpodYml = `image: ${nameOf('team/odd')}\ntasks:\n  - init: |${TASK}\n`;
      built = stack.use(await build(gitpodYml, ['--platform', `linux/${ARCHITECTURE}`, '--debug']));
      assert.equal(built.exitCode, 0, built.stderr);
    });

    it('runs the tasks as its user, in its environment, without its entry point', () => {
      const said = built.stderr;
      for (const text of ['12345', '678', '/workspace/app', '[] [a=b=c] [one', 'two] [/]', 'theirs'])
        assert.ok(said.includes(text), `${text}: ${said}`);
      assert.doesNotMatch(said, /triggered|everything|checked/);
    });

    it('makes an image of one dialect with all of its layers, as they were', async () => {
      const { manifest, config } = await readImage(built);
      const tars = await layers();
      assert.deepEqual(
        new Set(manifest.layers.map(({ mediaType }) => mediaType)),
        new Set([MEDIA_TYPE.layerGzip]),
      );
      assert.equal(manifest.layers.length, config.rootfs.diff_ids.length);
      for (const [at, tar] of tars.entries()) {
        const blob = await readTarget(`blobs/${manifest.layers[at]?.digest}`);
        assert.deepEqual(gunzipSync(blob), Buffer.from(tar));
      }
      assert.equal(
        config.history?.filter(({ empty_layer: empty }) => empty !== true).length,
        manifest.layers.length,
      );
    });

    it('starts as a workspace, and keeps what else it says', async () => {
      const { config } = await readImage(built);
      const { Labels: labels, ...rest } = config.config ?? {};
      assert.deepEqual(rest, {
        User: '12345:678',
        Env: [
          'PATH=/.preheat/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
          ...CONFIG.Env.map((variable) => (variable.startsWith('HOME=') ? 'HOME=/' : variable)),
          ...Object.entries(workspaceVariables(FOLDERS)).map(([name, value]) => `${name}=${value}`),
        ],
        Cmd: ['bash'],
        WorkingDir: FOLDERS.workspaceLocation,
        Shell: CONFIG.Shell,
        Volumes: { '/opt/other': {} },
        ExposedPorts: { '53/udp': {} },
      });
      assert.equal(labels?.['long'], LONG);
      assert.equal(labels['theirs'], 'kept');
      const metadata: unknown = JSON.parse(labels['devcontainer.metadata'] ?? '');
      assert.partialDeepStrictEqual(metadata, [METADATA[0], { remoteUser: '12345' }]);
    });

    it('runs with what the tasks wrote over its volumes and links, at the same places', async () => {
      const { image = '' } = await readOutcome(built.clone);
      const script = 'cat made /opt/written/x /opt/bin/tool /workspace/theirs README.md; [ ! -e /triggered ]';
      const words = ['run', '--rm', '--network', 'none', '--env', 'LD_PRELOAD=', image, 'bash', '-c', script];
      const { stdout } = await execa('docker', words);
      assert.equal(stdout, 'made\nwritten\nbin\ntheirs\nhello');
    });

    it('shows the password to nobody: no layer, no record, no log', async () => {
      assert.ok(!built.stderr.includes(ACCOUNT.password) && !built.stdout.includes(ACCOUNT.password));
      const { manifest } = await readImage(built);
      for (const { digest } of manifest.layers) {
        const tar = gunzipSync(await readTarget(`blobs/${digest}`));
        assert.ok(!tar.includes(ACCOUNT.password), digest);
        assert.ok(
          !tar.includes(Buffer.from(`${ACCOUNT.username}:${ACCOUNT.password}`).toString('base64')),
          digest,
        );
      }
      const state = join(built.clone, '.preheat');
      for (const file of await readdir(state, { recursive: true, withFileTypes: true })) {
        if (!file.isFile()) continue;
        assert.ok(!(await readFile(join(file.parentPath, file.name))).includes(ACCOUNT.password), file.name);
      }
    });

    it('is the same in OCI’s words, with other compression and without a history', async () => {
      const first = await readImage(built);
      await writer('team/same').image({ layers: await layers(), config: CONFIG, coding: 'zstd' }, '1');
      await using again = await build(gitpodYml.replace('team/odd', 'team/same'));
      assert.equal(again.exitCode, 0, again.stderr);
      const { config, manifest } = await readImage(again);
      const of = ({ config: own, os, architecture }: ImageConfig) => {
        const { Labels: labels, ...rest } = own ?? {};
        const same = Object.entries(labels ?? {}).filter(
          ([name]) => !name.startsWith('org.opencontainers.image.'),
        );
        return { rest, os, architecture, same };
      };
      assert.deepEqual(of(config), of(first.config));
      assert.equal(config.history, undefined);
      assert.deepEqual(config.rootfs.diff_ids.slice(0, 6), first.config.rootfs.diff_ids.slice(0, 6));
      const types = new Set(manifest.layers.map(({ mediaType }) => mediaType));
      assert.deepEqual(types, new Set([MEDIA_TYPE.layerZstd, MEDIA_TYPE.layerGzip]));
      const { image = '' } = await readOutcome(again.clone);
      await execa('docker', ['run', '--rm', '--network', 'none', '--env', 'LD_PRELOAD=', image, 'true']);
    });
  });

  describe('that it must not use', () => {
    const refusals: readonly {
      readonly what: string;
      readonly exitCode: number;
      readonly says: RegExp;
      readonly image: () => Promise<Partial<BaseImage>>;
      readonly words?: readonly string[];
    }[] = [
      {
        what: 'for another platform only',
        exitCode: 30,
        says: /it is made for linux\/s390x, not for linux\/amd64/,
        image: async () => ({ platform: { architecture: 's390x' } }),
      },
      {
        what: 'for a platform that this machine is not',
        exitCode: 50,
        says: /cannot run tasks for linux\/s390x: this machine is linux\/amd64/,
        image: async () => ({ platform: { architecture: 's390x' } }),
        words: ['--platform', 'linux/s390x'],
      },
      {
        what: 'with too many layers',
        exitCode: 30,
        says: /it has 121 layers, which leaves no room for ours/,
        image: async () => ({ layers: Array.from({ length: 120 }, () => Buffer.alloc(1024)) }),
      },
      {
        what: 'that is a workspace image',
        exitCode: 30,
        says: /it is a workspace image that preheat made/,
        image: async () => ({ config: { Labels: { 'dev.preheat.workspace': '{}' } } }),
      },
      {
        what: 'whose workspace is a link',
        exitCode: 50,
        says: /\/workspace is a link to \/data/,
        image: async () => ({
          layers: [
            await tarOfEntries(
              entry('data', 'directory'),
              entry('workspace', 'symlink', { target: '/data' }),
            ),
          ],
        }),
      },
      {
        what: 'with a repository in the checkout',
        exitCode: 50,
        says: /\/workspace\/app\/\.git is already there/,
        image: async () => ({ layers: [await tarOfEntries(entry('workspace/app/.git/HEAD', 'file'))] }),
      },
      {
        what: 'with a user that it does not know',
        exitCode: 50,
        says: /cannot run tasks as user "somebody" of the image: \/etc\/passwd does not name it/,
        image: async () => ({ config: { User: 'somebody' } }),
      },
    ];
    for (const [at, { what, exitCode, says, image, words = [] }] of refusals.entries()) {
      it(`one ${what}`, async () => {
        const name = await push(`team/refused-${at}`, await image());
        await bases.takeRequests();
        await using run = await build(`image: ${name}\ntasks:\n  - init: 'true'\n`, words);
        assert.equal(run.exitCode, exitCode, run.stderr);
        assert.match(run.stderr, says);
        assert.match(run.stderr, /^ {2}hint /m);
        const layers = (await bases.takeRequests()).filter(
          ({ method, path, status }) => method === 'GET' && path.includes('/blobs/') && status === 200,
        );
        // Nothing but the config, unless it takes a container to know.
        if (exitCode === 30 || words.length > 0) assert.equal(layers.length, 1, JSON.stringify(layers));
      });
    }

    it('one without bash', async () => {
      const layers = [await tarOfEntries(entry('hello', 'file', { text: 'hello\n' }))];
      await writer('team/bare').image({ layers }, '1');
      await using run = await build(`image: ${nameOf('team/bare')}\ntasks:\n  - init: 'true'\n`);
      assert.equal(run.exitCode, 50, run.stderr);
      assert.match(run.stderr, /it has no bash/);
    });

    it('one whose registry refuses the password', async () => {
      const name = await push('team/private');
      await using wrong = await mkdtempDisposable(join(tmpdir(), 'preheat-docker-'));
      const auth = Buffer.from('builder:wrong').toString('base64');
      await writeFile(join(wrong.path, 'config.json'), JSON.stringify({ auths: { [bases.host]: { auth } } }));
      const env = { DOCKER_CONFIG: wrong.path };
      await using run = await build(`image: ${name}\ntasks:\n  - init: 'true'\n`, [], env);
      assert.equal(run.exitCode, 30, run.stderr);
      assert.ok(run.stderr.includes(bases.host), run.stderr);
    });
  });

  it('takes --default-image where the file names none, with a user who has no home, and no folder to work in', async () => {
    const accounts = [
      entry('etc/passwd', 'file', { text: 'nobody:x:65534:65534::/nonexistent:/usr/sbin/nologin\n' }),
      entry('etc/group', 'file', { text: 'nogroup:x:65534:\nstaff:x:50:\n' }),
    ];
    const config = { User: 'nobody:staff', WorkingDir: '/no/such/folder', Cmd: ['sh'] };
    const name = await push('team/default', { config, layers: [await tarOfEntries(...accounts)] });
    const task = 'id -un; id -gn; echo "~ $HOME"; ls / ; echo made > made';
    await using run = await build(`tasks:\n  - init: '${task}'\n`, ['--default-image', name]);
    assert.equal(run.exitCode, 0, run.stderr);
    assert.match(run.stderr, /nobody\n.*staff\n.*~ \/nonexistent\n/);
    assert.doesNotMatch(run.stderr, /\] (?:no|nonexistent)$/m);
    const { config: published } = await readImage(run);
    assert.equal(published.config?.User, 'nobody:staff');
    assert.equal(published.config.Labels?.['org.opencontainers.image.base.name'], name);
  });
});
