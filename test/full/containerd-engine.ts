import { pipeline } from 'node:stream/promises';
import { execa } from 'execa';
import { baseImages } from '../../setup/images.mjs';
import { startPrivateEngine, type PrivateEngine } from '../support/private-engine.ts';

/**
 * Starts a Docker Engine that keeps images in containerd's store, with the images of the tests (as root; it goes when it
 * is disposed of). There an image's ID is its manifest's digest, saved layers are compressed, and archives must be whole.
 */
export async function startContainerdEngine(): Promise<PrivateEngine> {
  const configuration = { features: { 'containerd-snapshotter': true } };
  await using stack = new AsyncDisposableStack();
  const engine = stack.use(await startPrivateEngine({ configuration }));
  const driver = await engine.docker('info', '--format', '{{json .DriverStatus}}');
  if (!driver.includes('io.containerd.snapshotter')) throw new Error(`it keeps images otherwise: ${driver}`);
  const saving = execa('docker', ['save', ...baseImages], { buffer: false, encoding: 'buffer' });
  const loading = execa('docker', ['--host', engine.host, 'load', '--quiet'], { stdin: 'pipe' });
  await Promise.all([pipeline(saving.stdout, loading.stdin), saving, loading]);
  stack.move();
  return engine;
}
