import assert from 'node:assert/strict';
import { leftoverRepository } from '../../../src/adapters/engine/buildkit/leftover-name.ts';
import { createHostToolbox } from '../../../src/adapters/toolbox/host-toolbox.ts';
import type { ContainerTrialRequest } from '../../../src/doctor/engine-examiner.ts';
import { bareDocker, connectTestEngine, patience, uniqueName } from '../../support/engine.ts';
import { serveEngine } from '../../support/engine-server.ts';
import { PLATFORM } from '../../observe/dockerfile/dockerfile-repository.ts';
import { startAuthorizationProxy } from '../../support/pipelines/authorization-proxy.ts';

const toolbox = createHostToolbox();

async function requestFor(more: Partial<ContainerTrialRequest> = {}): Promise<ContainerTrialRequest> {
  return {
    content: await toolbox.pack(PLATFORM, patience()),
    entrypoint: toolbox.command('wait'),
    labels: { 'dev.preheat.trial': uniqueName('trial') },
    network: 'none',
    ...more,
  };
}

/** Containers and names of images that carry a label of a trial. */
async function leftOf({ labels }: ContainerTrialRequest): Promise<readonly string[]> {
  const label = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  const containers = await bareDocker().listContainers({ all: true, filters: { label } });
  const images = await bareDocker().listImages({
    filters: { reference: [`${leftoverRepository(labels)}:*`] },
  });
  return [...containers.map(({ Id }) => Id), ...images.map(({ Id }) => Id)];
}

describe('the examiner of an engine', () => {
  it('tells what the engine says of itself', async () => {
    const { examiner } = connectTestEngine();
    const facts = await examiner.describe(patience());
    const info = (await bareDocker().info()) as { readonly ServerVersion: string; readonly MemTotal: number };
    assert.partialDeepStrictEqual(facts, {
      product: 'Docker Engine',
      version: info.ServerVersion,
      platform: PLATFORM,
      hasBuildKit: true,
      memoryBytes: info.MemTotal,
    });
    assert.match(facts.address, /^(unix|tcp):\/\//);
  });

  it('starts a container as builds do, and leaves nothing of it', async () => {
    const request = await requestFor();
    const { memory, refusals } = await connectTestEngine().examiner.tryContainer(request, patience());
    assert.ok(memory.bytes > 1e6);
    assert.deepEqual(refusals, []);
    assert.deepEqual(await leftOf(request), []);
  });

  it('tells what Bitbucket Pipelines refuses', async () => {
    await using restricted = await startAuthorizationProxy({ runtime: 'v2', cloneFolder: '/nowhere' });
    const request = await requestFor();
    const { examiner } = connectTestEngine({ host: restricted.host });
    const { refusals } = await examiner.tryContainer(request, patience());
    assert.deepEqual(
      refusals.map(({ what }) => what),
      ['privileged containers', 'mounts', 'security options'],
    );
    assert.equal(
      refusals[0]?.words,
      'authorization denied by plugin pipelines: --privileged=true is not allowed',
    );
    assert.deepEqual(await leftOf(request), []);
  });

  it('takes no refusal for one that forbids, where the engine cannot for a reason of its own', async () => {
    await using proxy = await startAuthorizationProxy({
      runtime: 'v2',
      cloneFolder: '/nowhere',
      status: 400,
    });
    const request = await requestFor();
    const { examiner } = connectTestEngine({ host: proxy.host });
    const { refusals } = await examiner.tryContainer(request, patience());
    assert.deepEqual(refusals, []);
    assert.equal(proxy.refusals.length, 3);
  });

  it('leaves nothing of a container that does not start', async () => {
    const request = await requestFor({ network: uniqueName('no-such-network') });
    await assert.rejects(connectTestEngine().examiner.tryContainer(request, patience()), {
      name: 'PreheatError',
      phase: 'build',
    });
    assert.deepEqual(await leftOf(request), []);
  });

  it('knows an engine without BuildKit, with a plugin, and another name', async () => {
    const info = {
      ServerVersion: '5.4.0',
      OSType: 'linux',
      Architecture: 'aarch64',
      Driver: 'zfs',
      DriverStatus: [['Space Available', '12 GB']],
      Plugins: { Authorization: ['pipelines'] },
      NCPU: 4,
      MemTotal: 8e9,
    };
    await using server = await serveEngine((request, response) => {
      const answers = { info, version: { Components: [{ Name: 'Podman Engine' }] } };
      const name = /\/(info|version)$/.exec(request.url ?? '')?.[1] as keyof typeof answers | undefined;
      response.writeHead(200, { 'content-type': name === undefined ? 'text/plain' : 'application/json' });
      response.end(name === undefined ? 'OK' : JSON.stringify(answers[name]));
    });
    assert.deepEqual(await connectTestEngine({ host: server.host }).examiner.describe(patience()), {
      address: server.host,
      product: 'Podman Engine',
      version: '5.4.0',
      platform: { os: 'linux', architecture: 'arm64' },
      storageDriver: 'zfs',
      isContainerdStore: false,
      hasBuildKit: false,
      plugins: ['pipelines'],
      processors: 4,
      memoryBytes: 8e9,
      freeDisk: '12 GB',
    });
  });
});
