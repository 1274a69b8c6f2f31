import assert from 'node:assert/strict';
import Docker from 'dockerode';
import { countKills } from '../../../src/adapters/engine/count-kills.ts';
import { createEngineClient } from '../../../src/adapters/engine/engine-client.ts';
import { connectTestEngine, patience, shell, startContainer } from '../../support/engine.ts';

describe('countKills', () => {
  const client = createEngineClient(async () => new Docker(), { phase: 'build', address: 'the engine' });

  it('counts what the kernel killed, without asking the engine', async () => {
    await using container = await startContainer(connectTestEngine().engine, {
      memoryLimit: 32 * 1024 * 1024,
    });
    assert.equal(await countKills(client, container.id, patience()), 0);
    await shell(container, "sh -c 'x=0123456789; while :; do x=$x$x; done'; true");
    assert.equal(await countKills(client, container.id, patience()), 1);
  });

  it('counts none where there is no shell to ask', async () => {
    await using container = await connectTestEngine().engine.createContainer(
      { image: 'busybox:1.36', entrypoint: ['sleep', '600'], labels: {}, network: 'none' },
      patience(),
    );
    assert.equal(await countKills(client, container.id, patience()), 0);
  });
});
