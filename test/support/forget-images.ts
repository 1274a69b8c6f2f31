import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const REF_NAME = 'org.opencontainers.image.ref.name';
const Index = z.looseObject({
  manifests: z.array(z.looseObject({ annotations: z.record(z.string(), z.string()).optional() })),
});

/** Takes the tags of commits out of an OCI layout, so that the next build finds the records of steps alone. */
export async function forgetImages(layout: string): Promise<void> {
  const file = join(layout, 'index.json');
  const index = Index.parse(JSON.parse(await readFile(file, 'utf8')));
  const manifests = index.manifests.filter(
    ({ annotations }) => annotations?.[REF_NAME]?.startsWith('commit-') !== true,
  );
  if (manifests.length === index.manifests.length) throw new Error(`${layout} holds no image of a commit`);
  await writeFile(file, JSON.stringify({ ...index, manifests }));
}
