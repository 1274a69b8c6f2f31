import { mkdtempDisposable, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blobPath, createLayout, indexPath } from '../../../src/adapters/layout/layout-files.ts';
import { openLayoutStore } from '../../../src/adapters/layout/layout-store.ts';
import { createLayoutCopier } from '../../../src/adapters/oras/layout-copier.ts';
import { digestOf } from '../../../src/oci/digest.ts';
import { contentStoreContract } from '../../contract/content-store.ts';
import { testOras } from '../../support/oras.ts';

contentStoreContract('layout', async () => {
  const folder = await mkdtempDisposable(join(tmpdir(), 'preheat-layout-'));
  const directory = join(folder.path, 'images');
  return {
    store: openLayoutStore({ kind: 'layout', directory }, createLayoutCopier(testOras())),
    async putManifest(tag, mediaType, bytes) {
      await createLayout(directory);
      const digest = digestOf(bytes);
      await writeFile(blobPath(directory, digest), bytes);
      const index = JSON.parse(await readFile(indexPath(directory), 'utf8'));
      const annotations = { 'org.opencontainers.image.ref.name': tag };
      index.manifests.push({ mediaType, digest, size: bytes.byteLength, annotations });
      await writeFile(indexPath(directory), JSON.stringify(index));
    },
    [Symbol.asyncDispose]: () => folder.remove(),
  };
});
