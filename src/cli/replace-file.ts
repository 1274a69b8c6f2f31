import { rename, rm, writeFile } from 'node:fs/promises';

/** Writes a file whole or not at all. */
export async function replaceFile(path: string, content: string): Promise<void> {
  const partial = `${path}.${process.pid}.partial`;
  try {
    await writeFile(partial, content);
    await rename(partial, path);
  } catch (thrown) {
    await rm(partial, { force: true }).catch(() => undefined);
    throw thrown;
  }
}
