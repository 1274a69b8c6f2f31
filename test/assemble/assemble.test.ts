import assert from 'node:assert/strict';
import fc from 'fast-check';
import { listedPaths } from '../../src/build/carried-paths.ts';
import { assemble, type AssembleRequest } from '../../src/assemble/assemble.ts';
import { PreheatError } from '../../src/kernel/failure.ts';
import { workspaceVariables } from '../../src/kernel/workspace-variables.ts';
import { digestOf, parseDiffId } from '../../src/oci/digest.ts';
import { ImageConfig } from '../../src/oci/image-config.ts';
import type { Layer, LayerRole } from '../../src/oci/layer.ts';
import { Manifest } from '../../src/oci/manifest.ts';
import { MEDIA_TYPE } from '../../src/oci/media-types.ts';
import { CONFIG, EVENT, FACTS, USER } from '../support/records.ts';

const layer = (role: LayerRole, content: string = role): Layer => ({
  role,
  mediaType: MEDIA_TYPE.layerGzip,
  digest: digestOf(`gzip of ${content}`),
  diffId: parseDiffId(digestOf(content)),
  size: content.length,
});

const baseOf = (count: number): AssembleRequest['base'] => {
  const names = Array.from({ length: count }, (_, index) => `base ${index}`);
  return {
    manifest: {
      schemaVersion: 2,
      mediaType: MEDIA_TYPE.dockerManifest,
      config: { mediaType: MEDIA_TYPE.dockerConfig, digest: digestOf('config'), size: 6 },
      layers: names.map((name) => ({
        mediaType: MEDIA_TYPE.dockerLayerGzip,
        digest: digestOf(name),
        size: 1,
      })),
    },
    config: {
      os: 'linux',
      architecture: 'amd64',
      created: '2026-01-01T00:00:00Z',
      config: {
        Env: ['PATH=/bin'],
        Entrypoint: ['/entry'],
        Cmd: ['node'],
        Labels: { theirs: 'kept' },
        StopSignal: 'SIGINT',
      },
      rootfs: { type: 'layers', diff_ids: names.map((name) => parseDiffId(digestOf(`diff of ${name}`))) },
      history: [...names.map((name) => ({ created_by: name })), { created_by: 'ENV', empty_layer: true }],
    },
  };
};

/** The variables that each image sets. */
const OWN = Object.entries(workspaceVariables(CONFIG)).map(([name, value]) => `${name}=${value}`);

const REQUEST: AssembleRequest = {
  event: EVENT,
  config: CONFIG,
  facts: FACTS,
  imageKey: digestOf('key'),
  stepKey: digestOf('step'),
  base: baseOf(2),
  layers: [layer('patch'), layer('source'), layer('task'), layer('runtime')],
  user: USER,
  claims: { subtrees: ['workspace/app/node_modules'], entries: [] },
  sourceCommit: FACTS.commit.id,
  carried: [listedPaths(new Map([['workspace/app/package.json', 'leaf']]))],
};

const read = (request: AssembleRequest) => {
  const { image, config, manifest } = assemble(request);
  return {
    image,
    config: ImageConfig.parse(JSON.parse(Buffer.from(config).toString())),
    manifest: Manifest.parse(JSON.parse(Buffer.from(manifest).toString())),
  };
};

describe('assemble', () => {
  it('names the base where it is an image of that name, and its digest in any case', () => {
    const name = 'org.opencontainers.image.base.name';
    const digest = 'org.opencontainers.image.base.digest';
    const named = read(REQUEST).manifest.annotations;
    assert.deepEqual([named?.[name], named?.[digest]], [FACTS.base.reference, FACTS.base.digest]);
    const base = { ...FACTS.base, reference: '.gitpod.Dockerfile', source: 'target' } as const;
    const built = read({ ...REQUEST, facts: { ...FACTS, base } }).manifest.annotations;
    assert.deepEqual([built?.[name], built?.[digest]], [undefined, base.digest]);
  });

  it('lays other repositories below the own sources, in their order, and tells which they are', () => {
    const repositories = ['lib', 'docs'].map((name) => ({
      url: `https://example.org/${name}`,
      commit: 'a'.repeat(40),
      ref: { kind: 'branch', name: 'main' } as const,
      location: `/workspace/${name}`,
    }));
    const layers = [
      layer('patch'),
      layer('source', 'lib'),
      layer('source', 'docs'),
      layer('source'),
      layer('task'),
    ];
    const { manifest, image } = read({ ...REQUEST, layers, facts: { ...FACTS, repositories } });
    const digests = image.layers.slice(3).map(({ digest }) => digest);
    assert.deepEqual(
      digests,
      [layers[1], layers[2], layers[3], layers[0]].map((each) => each?.digest),
    );
    const told: unknown = JSON.parse(manifest.annotations?.['dev.preheat.source.repositories'] ?? '');
    assert.deepEqual(told, repositories);
    assert.equal(read(REQUEST).manifest.annotations?.['dev.preheat.source.repositories'], undefined);
  });

  it('opens the folder of a code workspace, and tells the file', () => {
    const codeWorkspace = '/workspace/app/editors/all.code-workspace';
    const { config } = read({ ...REQUEST, config: { ...CONFIG, codeWorkspace } });
    assert.equal(config.config?.WorkingDir, '/workspace/app/editors');
    const label: unknown = JSON.parse(config.config?.Labels?.['dev.preheat.workspace'] ?? '');
    assert.partialDeepStrictEqual(label, { codeWorkspace, workspaceLocation: '/workspace/app' });
  });

  it('stacks base, task, runtime, source and patch in this order, whatever order they come in', () => {
    const orders = fc.shuffledSubarray([...REQUEST.layers], { minLength: REQUEST.layers.length });
    fc.assert(
      fc.property(orders, (layers) => {
        const { image, manifest, config } = read({ ...REQUEST, layers });
        assert.deepEqual(
          image.layers.map(({ role }) => role),
          ['base', 'base', 'task', 'runtime', 'source', 'patch'],
        );
        assert.deepEqual(
          manifest.layers.map(({ digest }) => digest),
          image.layers.map(({ digest }) => digest),
        );
        assert.deepEqual(
          config.rootfs.diff_ids,
          image.layers.map(({ diffId }) => diffId),
        );
      }),
    );
  });

  it('gives descriptors that cover its bytes, the same bytes each time', () => {
    const one = assemble(REQUEST);
    assert.equal(one.image.manifest.digest, digestOf(one.manifest));
    assert.equal(one.image.config.digest, digestOf(one.config));
    assert.deepEqual(assemble(REQUEST), one);
  });

  it('names base blobs in OCI’s words and leaves them as they are', () => {
    const { manifest } = read(REQUEST);
    assert.deepEqual(
      new Set(manifest.layers.map(({ mediaType }) => mediaType)),
      new Set([MEDIA_TYPE.layerGzip]),
    );
    assert.equal(manifest.layers[0]?.digest, REQUEST.base.manifest.layers[0]?.digest);
  });

  it('starts as the workspace’s user in its folder, keeping the base’s environment', () => {
    const { config } = read(REQUEST);
    assert.partialDeepStrictEqual(config.config, {
      User: 'gitpod',
      WorkingDir: '/workspace/app',
      Cmd: ['bash'],
      Env: ['PATH=/.preheat/bin:/bin', ...OWN],
      ExposedPorts: { '8080/tcp': {} },
      Labels: { theirs: 'kept', 'org.opencontainers.image.revision': FACTS.commit.id },
    });
    assert.equal(config.config?.Entrypoint, undefined);
    assert.equal(config.config?.['StopSignal'], undefined, 'it was meant for the base’s own program');
    assert.equal(config.history?.length, 7);
  });

  it('keeps the group that the base gives its own user', () => {
    const user = { name: 'node', uid: 1000, gid: 10, home: '/home/node' };
    const userOf = (configured: string) => {
      const config = { ...REQUEST.base.config, config: { ...REQUEST.base.config.config, User: configured } };
      return read({ ...REQUEST, user, base: { ...REQUEST.base, config } }).config.config?.User;
    };
    assert.deepEqual(['node:wheel', '1000:10', 'node', ''].map(userOf), [
      'node:wheel',
      '1000:10',
      'node',
      'node',
    ]);
    assert.equal(read(REQUEST).config.config?.User, 'gitpod');
  });

  const configOn = (config: object, more: Partial<AssembleRequest> = {}) => {
    const own = { ...REQUEST.base.config, ...config };
    return read({ ...REQUEST, ...more, base: { ...REQUEST.base, config: own } }).config;
  };

  it('tells the base’s platform, whatever was asked for', () => {
    const facts = { ...FACTS, platform: { os: 'linux', architecture: 'amd64', variant: 'v3' } };
    const { variant } = configOn({}, { facts });
    assert.equal(variant, undefined);
    const told = {
      os: 'linux',
      architecture: 'arm64',
      variant: 'v8',
      'os.version': '1',
      'os.features': ['x'],
    };
    assert.partialDeepStrictEqual(configOn(told), told);
  });

  it('gives the home of the tasks to a base that sets one', () => {
    const envOf = (Env: readonly string[] | null) => configOn({ config: { Env } }).config?.Env;
    const usual = 'PATH=/.preheat/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
    assert.deepEqual(envOf(['A=1', 'HOME=/x', 'HOMES=/y']), [
      usual,
      'A=1',
      'HOME=/home/gitpod',
      'HOMES=/y',
      ...OWN,
    ]);
    assert.deepEqual(envOf(['A=1']), [usual, 'A=1', ...OWN]);
    assert.deepEqual(envOf(null), [usual, ...OWN]);
  });

  it('says for every shell what Gitpod said, and never that a prebuild runs', () => {
    const Env = ['GITPOD_HEADLESS=true', 'GITPOD_REPO_ROOT=/elsewhere', 'PATH=/a:/b'];
    assert.deepEqual(configOn({ config: { Env } }).config?.Env, ['PATH=/.preheat/bin:/a:/b', ...OWN]);
  });

  it('carries what is for JetBrains’ editors', () => {
    const jetbrains = { plugins: ['a.b'], editors: { intellij: { plugins: [], vmoptions: '-Xmx4g' } } };
    const labelOf = (config: AssembleRequest['config']) =>
      read({ ...REQUEST, config }).config.config?.Labels?.['dev.preheat.jetbrains'];
    assert.equal(labelOf({ ...CONFIG, jetbrains }), JSON.stringify(jetbrains));
    assert.equal(labelOf(CONFIG), undefined);
  });

  it('declares only the volumes that lie apart from what its layers hold', () => {
    const claims = { subtrees: ['opt/made'], entries: ['srv/db/file', 'srv/dbs'] };
    const volumes = {
      '/': false,
      '/workspace': false,
      '/workspace/': false,
      '/workspace/app': false,
      '/workspace/app/cache': false,
      '/workspace/lib/cache': false,
      '/workspace/other': true,
      '//opt/./made/below': false,
      '/opt/made': false,
      '/opt/mad': true,
      '/opt': false,
      '/srv/db': false,
      '/srv/dbs2': true,
      '/var/lib/other': true,
    };
    const additionalRepositories = [{ url: 'u', checkoutLocation: '/workspace/lib' }];
    const more = { claims, config: { ...CONFIG, additionalRepositories } };
    const declared = (names: readonly string[]) =>
      configOn({ config: { Volumes: Object.fromEntries(names.map((name) => [name, {}])) } }, more).config
        ?.Volumes;
    const kept = Object.keys(declared(Object.keys(volumes)) ?? {});
    assert.deepEqual(
      kept.toSorted(),
      Object.entries(volumes)
        .flatMap(([name, isKept]) => (isKept ? [name] : []))
        .toSorted(),
    );
    assert.equal(declared(['/workspace']), undefined);
  });

  it('writes no history where the base has none', () => {
    const { history: _, ...config } = REQUEST.base.config;
    assert.equal(read({ ...REQUEST, base: { ...REQUEST.base, config } }).config.history, undefined);
  });

  it('refuses to hide what a task made', () => {
    const carried = [listedPaths(new Map([['workspace/app/node_modules/x.js', 'leaf' as const]]))];
    assert.throws(
      () => assemble({ ...REQUEST, carried }),
      (thrown: unknown) => {
        assert.ok(thrown instanceof PreheatError);
        assert.equal(thrown.phase, 'assemble');
        assert.match(thrown.message, /node_modules\/x\.js would hide \/workspace\/app\/node_modules/);
        return true;
      },
    );
  });

  it('refuses more layers than engines take', () => {
    assert.throws(() => assemble({ ...REQUEST, base: baseOf(97) }), /cannot stack 101 layers/);
    assert.equal(read({ ...REQUEST, base: baseOf(96) }).image.layers.length, 100);
  });
});
