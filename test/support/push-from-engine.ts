import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

/**
 * Puts an image of the engine into a registry on loopback and returns its name there: by `docker save` and oras, since
 * `docker push` would leave a repository digest on the engine's image, which other tests share.
 */
export async function pushFromEngine(
  image: string,
  target: string,
  credentials: { readonly REGISTRY_USERNAME?: string; readonly REGISTRY_PASSWORD?: string } = {},
): Promise<string> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'preheat-push-'));
  const archive = join(folder.path, 'image.tar');
  await execa('docker', ['save', '--output', archive, image]);
  const login =
    credentials.REGISTRY_USERNAME === undefined
      ? []
      : [
          '--to-username',
          credentials.REGISTRY_USERNAME,
          '--to-password',
          credentials.REGISTRY_PASSWORD ?? '',
        ];
  const { stdout } = await execa('tar', ['--extract', '--to-stdout', '--file', archive, 'index.json']);
  const digest = /"digest":"(sha256:[0-9a-f]{64})"/.exec(stdout)?.[1];
  const words = ['cp', '--no-tty', '--from-oci-layout', '--to-plain-http', ...login];
  await execa('oras', [...words, `${archive}@${digest}`, target]);
  return target;
}
