import { bareDocker } from './engine.ts';

/**
 * How the tests' engine keeps images: in Docker's own store, where an image's ID is its config's digest and layers are
 * known by their chain, or in containerd's (`features.containerd-snapshotter`), where manifests and blobs count.
 */
export async function engineStore(): Promise<'docker' | 'containerd'> {
  const facts: unknown = await bareDocker().info();
  return JSON.stringify(facts).includes('io.containerd.snapshotter') ? 'containerd' : 'docker';
}
