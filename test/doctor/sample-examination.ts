import type { Examination, RegistryExamination } from '../../src/doctor/examination.ts';
import type { Tried } from '../../src/doctor/tried.ts';

export function done<T>(value: T): Tried<T> {
  return { kind: 'done', value };
}

export function failure(message: string, more: object = {}): Extract<Tried<unknown>, { kind: 'failed' }> {
  return { kind: 'failed', message, code: 'failed', ...more };
}

export const engineFacts = {
  address: 'unix:///var/run/docker.sock',
  product: 'Docker Engine',
  version: '26.1.5+dfsg1',
  platform: { os: 'linux', architecture: 'amd64' },
  storageDriver: 'overlay2',
  isContainerdStore: false,
  hasBuildKit: true,
  plugins: [],
  processors: 2,
  memoryBytes: 25e9,
};

export const registry: Extract<RegistryExamination, { kind: 'registry' }> = {
  kind: 'registry',
  location: 'registry.example.org/team/app',
  tag: 'doctor-1',
  credentials: done('REGISTRY_USERNAME and REGISTRY_PASSWORD'),
  exists: done(true),
  push: done({}),
  pull: done(true),
  base: {
    reference: 'registry.example.org/base/debian:bookworm',
    platform: { os: 'linux', architecture: 'amd64' },
  },
  mount: done('mounted'),
  referrers: done(true),
  removal: done(undefined),
};

/** An examination in which nothing is amiss. */
export const sound: Examination = {
  engine: {
    wanted: { os: 'linux', architecture: 'amd64' },
    isInPipelines: false,
    engine: done(engineFacts),
    container: done({ memory: { bytes: 25e9, of: 'machine' }, refusals: [] }),
  },
  memory: {
    engine: {
      limit: { bytes: 25e9, of: 'machine' },
      advice: { had: 'the machine of the engine has 25 GB', hint: 'Give it more.' },
    },
  },
  clone: {
    git: done('2.39.5'),
    clone: done({ directory: '/work/app', isShallow: false }),
    commit: done('a1b2c3d4e5f60718293a4b5c6d7e8f9012345678'),
    config: done('.gitpod.yml'),
  },
  oras: done({ program: '/usr/bin/oras', version: '1.2.0', isInstalled: true }),
  registry,
  forge: {
    repository: 'team/app',
    token: 'access token',
    statuses: done(undefined),
    pullRequests: done(undefined),
    proxy: { address: 'http://localhost:29418', reports: done(undefined) },
  },
};
