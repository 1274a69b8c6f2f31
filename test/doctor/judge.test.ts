import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import type { Examination } from '../../src/doctor/examination.ts';
import type { Mark } from '../../src/doctor/finding.ts';
import { judge } from '../../src/doctor/judge.ts';
import type { Phase } from '../../src/kernel/failure.ts';
import { done, engineFacts, failure, registry, sound } from './sample-examination.ts';

const REMEDY = { file: 'bitbucket-pipelines.yml', yaml: 'definitions: {}' };
const advice = { had: 'the docker service has 1024 MB', hint: 'Give it 3072 MB.', remedy: REMEDY };
const service = { size: '1x', service: 'docker', megabytes: 1024, isStated: false, others: 0 } as const;
const withEngine = (more: object): Partial<Examination> => ({
  engine: { ...sound.engine, engine: done({ ...engineFacts, ...more }) },
});

interface Row {
  readonly what: string;
  readonly given: Partial<Examination>;
  readonly check: string;
  readonly mark: Mark | undefined;
  readonly found?: RegExp;
  readonly change?: RegExp;
  readonly phase?: Phase;
  readonly hasRemedy?: boolean;
}

const rows: readonly Row[] = [
  {
    what: 'other repositories that can be read',
    given: { clone: { ...sound.clone, others: done(2) } },
    check: 'repositories',
    mark: 'good',
    found: /^all 2 others can be read$/,
  },
  {
    what: 'another repository that cannot be read',
    given: {
      clone: { ...sound.clone, others: failure('cannot read the branches', { hint: 'Give SSH_KEY.' }) },
    },
    check: 'repositories',
    mark: 'bad',
    change: /^Give SSH_KEY/,
    phase: 'observe',
  },
  { what: 'no other repositories', given: {}, check: 'repositories', mark: undefined },
  {
    what: 'an engine that is not there',
    given: {
      engine: {
        wanted: sound.engine.wanted,
        isInPipelines: true,
        engine: failure('cannot reach the Docker engine at x: nothing listens there', {
          hint: 'Start Docker.',
          phase: 'build',
        }),
      },
    },
    check: 'engine',
    mark: 'bad',
    found: /^cannot reach/,
    change: /^Start Docker/,
    hasRemedy: true,
    phase: 'build',
  },
  {
    what: 'an old Docker',
    given: withEngine({ version: '19.03.5' }),
    check: 'engine',
    mark: 'warning',
    change: /20\.10/,
  },
  {
    what: 'Podman',
    given: withEngine({ product: 'Podman Engine', version: '5.4' }),
    check: 'engine',
    mark: 'good',
  },
  {
    what: "containerd's store and free disk",
    given: withEngine({ isContainerdStore: true, freeDisk: '12 GB' }),
    check: 'engine',
    mark: 'good',
    found: /linux\/amd64, containerd's store, 2 processors, 25 GB of memory, 12 GB of disk free$/,
  },
  {
    what: 'an engine of another platform',
    given: withEngine({ platform: { os: 'linux', architecture: 'arm64' } }),
    check: 'platform',
    mark: 'bad',
    found: /^the engine is for linux\/arm64, the image is to be for linux\/amd64$/,
    phase: 'build',
  },
  { what: 'no BuildKit', given: withEngine({ hasBuildKit: false }), check: 'BuildKit', mark: 'warning' },
  {
    what: 'a container that does not start',
    given: { engine: { ...sound.engine, container: failure('cannot start a container: no bridge') } },
    check: 'container',
    mark: 'bad',
    phase: 'build',
  },
  {
    what: 'the refusals of Pipelines',
    given: {
      engine: {
        ...sound.engine,
        engine: done({ ...engineFacts, plugins: ['pipelines'] }),
        container: done({
          memory: { bytes: 1, of: 'machine' },
          refusals: [{ what: 'mounts', words: '--mounts is not allowed' }],
        }),
      },
    },
    check: 'refusals',
    mark: 'good',
    found: /^the plugin pipelines refuses mounts \(--mounts is not allowed\)$/,
  },
  {
    what: 'the default memory of Pipelines',
    given: { memory: { service: { memory: service, advice } } },
    check: 'pipelines',
    mark: 'warning',
    found: /^in Pipelines the docker service has 1024 MB, the default, in a step of size 1x$/,
    change: /^Give it 3072 MB/,
    hasRemedy: true,
  },
  {
    what: 'more memory in Pipelines',
    given: { memory: { service: { memory: { ...service, megabytes: 3072, isStated: true }, advice } } },
    check: 'pipelines',
    mark: 'good',
    hasRemedy: false,
  },
  {
    what: 'an engine with little memory',
    given: { memory: { engine: { limit: { bytes: 1e9, of: 'group' }, advice } } },
    check: 'memory',
    mark: 'warning',
    change: /^Give it/,
  },
  {
    what: 'git that cannot be run',
    given: { clone: { ...sound.clone, git: failure('cannot run git: none') } },
    check: 'git',
    mark: 'bad',
    phase: 'observe',
  },
  {
    what: 'git 2.30',
    given: { clone: { ...sound.clone, git: done('2.30.9') } },
    check: 'git',
    mark: 'bad',
    change: /2\.31/,
  },
  { what: 'git 3.0', given: { clone: { ...sound.clone, git: done('3.0.0') } }, check: 'git', mark: 'good' },
  {
    what: 'no clone',
    given: { clone: { ...sound.clone, clone: failure('cannot read a git repository', { phase: 'event' }) } },
    check: 'clone',
    mark: 'good',
    found: /no clone here/,
  },
  {
    what: 'a shallow clone',
    given: { clone: { ...sound.clone, clone: done({ directory: '/a', isShallow: true }) } },
    check: 'clone',
    mark: 'good',
    found: /part of the history/,
  },
  {
    what: 'a partial clone',
    given: {
      clone: { ...sound.clone, clone: done({ directory: '/a', isShallow: false, filter: 'blob:none' }) },
    },
    check: 'clone',
    mark: 'good',
    found: /blob:none/,
  },
  {
    what: 'a commit that the clone lacks',
    given: { clone: { ...sound.clone, commit: failure('cannot find commit x', { phase: 'observe' }) } },
    check: 'clone',
    mark: 'bad',
    phase: 'observe',
  },
  {
    what: 'a configuration that cannot be read',
    given: {
      clone: { ...sound.clone, config: failure('cannot read .gitpod.yml: no', { phase: 'config' }) },
    },
    check: 'configuration',
    mark: 'bad',
    found: /cannot read \.gitpod\.yml/,
    phase: 'config',
  },
  {
    what: 'no oras',
    given: { oras: failure('cannot get oras: no') },
    check: 'oras',
    mark: 'bad',
    phase: 'publish',
  },
  {
    what: 'a downloaded oras',
    given: { oras: done({ program: '/c/oras', version: '1.3.3', isInstalled: false }) },
    check: 'oras',
    mark: 'good',
    found: /^oras 1\.3\.3 at \/c\/oras, downloaded and checked$/,
  },
  {
    what: 'a layout',
    given: { registry: { kind: 'layout', location: 'oci:/a' } },
    check: 'registry',
    mark: 'good',
  },
  {
    what: 'no credentials',
    given: { registry: { ...registry, credentials: done(undefined) } },
    check: 'credentials',
    mark: 'good',
    found: /as nobody/,
  },
  {
    what: 'credentials that cannot be read',
    given: { registry: { ...registry, credentials: failure('cannot read config.json', { phase: 'usage' }) } },
    check: 'credentials',
    mark: 'bad',
    phase: 'usage',
  },
  {
    what: 'a registry that is not there',
    given: {
      registry: {
        kind: 'registry',
        location: 'a/b',
        tag: 't',
        credentials: done(undefined),
        exists: failure('cannot look for a/b'),
      },
    },
    check: 'registry',
    mark: 'bad',
    phase: 'observe',
  },
  {
    what: 'a registry that lists no tags but takes images',
    given: { registry: { ...registry, exists: failure('cannot look for a/b: denied') } },
    check: 'registry',
    mark: 'warning',
  },
  {
    what: 'a push that is refused',
    given: { registry: { ...registry, push: failure('cannot upload') } },
    check: 'push',
    mark: 'bad',
    phase: 'publish',
  },
  {
    what: 'a repository that a push makes',
    given: { registry: { ...registry, exists: done(false) } },
    check: 'push',
    mark: 'good',
    found: /made the repository/,
  },
  {
    what: 'an image that does not come back',
    given: { registry: { ...registry, pull: done(false) } },
    check: 'pull',
    mark: 'bad',
    phase: 'observe',
  },
  {
    what: 'a base that is copied',
    given: { registry: { ...registry, mount: done('copied') } },
    check: 'mount',
    mark: 'warning',
  },
  {
    what: 'a base that cannot be read',
    given: { registry: { ...registry, mount: failure('cannot mount') } },
    check: 'mount',
    mark: 'warning',
  },
  {
    what: 'no referrers API',
    given: { registry: { ...registry, referrers: done(false) } },
    check: 'referrers',
    mark: 'good',
    found: /no referrers API/,
  },
  {
    what: 'a registry that keeps all',
    given: { registry: { ...registry, removal: failure('cannot delete it: denied') } },
    check: 'delete',
    mark: 'warning',
    found: /^cannot delete it: denied; registry\.example\.org\/team\/app:doctor-1 stays/,
  },
  {
    what: 'no repository of Bitbucket',
    given: { forge: { repository: undefined, token: undefined } },
    check: 'Bitbucket',
    mark: 'good',
  },
  {
    what: 'no token',
    given: { forge: { repository: 'team/app', token: undefined } },
    check: 'Bitbucket',
    mark: 'warning',
    hasRemedy: true,
  },
  {
    what: 'an app password',
    given: { forge: { ...sound.forge, token: 'app password' } },
    check: 'Bitbucket',
    mark: 'warning',
    found: /^an app password for team\/app is given, and Bitbucket is giving those up$/,
    hasRemedy: true,
  },
  {
    what: 'a token without the right to statuses',
    given: { forge: { ...sound.forge, statuses: failure('403') } },
    check: 'statuses',
    mark: 'bad',
    phase: 'report',
  },
  {
    what: 'a token without the right to pull requests',
    given: { forge: { ...sound.forge, pullRequests: failure('403') } },
    check: 'pull requests',
    mark: 'warning',
  },
  {
    what: 'no proxy',
    given: { forge: { ...sound.forge, proxy: { address: 'a', reports: failure('refused') } } },
    check: 'step proxy',
    mark: 'warning',
  },
];

describe('the doctor', () => {
  it('finds nothing amiss where nothing is, and says why each matters', () => {
    const findings = judge(sound);
    assert.deepEqual(
      findings.filter(({ mark }) => mark !== 'good'),
      [],
    );
    assert.equal(new Set(findings.map(({ check }) => check)).size, findings.length);
    assert.ok(findings.length > 12);
  });

  for (const { what, given, check, mark, found, change, phase, hasRemedy } of rows) {
    it(`judges ${what}`, () => {
      const finding = judge({ ...sound, ...given }).find((each) => each.check === check);
      assert.equal(finding?.mark, mark);
      if (found) assert.match(finding?.found ?? '', found);
      if (change) assert.match(finding?.change ?? '', change);
      if (phase) assert.equal(finding?.phase, phase);
      if (hasRemedy !== undefined) assert.equal(finding?.remedy !== undefined, hasRemedy);
    });
  }

  it('writes what is found and why without a full stop, and what to change as one sentence', () => {
    for (const { given } of rows) {
      for (const { found, why, change } of judge({ ...sound, ...given })) {
        assert.doesNotMatch(`${found}\n${why}`, /\.$/m);
        if (change !== undefined) assert.match(change, /^[A-Z].*\.$/);
      }
    }
  });

  it('leaves out what could not be asked', () => {
    const { registry: _, ...rest } = sound;
    const findings = judge({ ...rest, engine: { ...sound.engine, engine: failure('no') }, memory: {} });
    const left = findings.map(({ check }) => check);
    assert.deepEqual(left.slice(0, 5), ['git', 'clone', 'configuration', 'engine', 'oras']);
  });

  // Bitbucket's own schema is not committed; where it lies beside the checkout, what is to be pasted is held against it.
  const contracts = process.env['PREHEAT_CONTRACTS'];
  if (contracts === undefined) return;
  it('has YAML pasted that Bitbucket takes', async () => {
    const schema: unknown = JSON.parse(await readFile(join(contracts, 'pipelines-schema.json'), 'utf8'));
    assert.ok(typeof schema === 'object' && schema !== null);
    const isPipelines = new Ajv({ strict: false, validateFormats: false }).compile(schema);
    const remedies = rows
      .flatMap(({ given }) => judge({ ...sound, ...given }))
      .flatMap(({ remedy }) => (remedy?.file === 'bitbucket-pipelines.yml' ? [remedy.yaml] : []));
    assert.ok(remedies.length > 1);
    for (const yaml of remedies) assert.ok(isPipelines(parse(yaml)), yaml);
    assert.ok(!isPipelines({ options: { docker: 'yes' } }), 'the schema takes anything');
  });
});
