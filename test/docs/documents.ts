import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's top folder. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** A document for people. */
export interface Document {
  /** Path in the repository. */
  readonly path: string;
  readonly text: string;
}

/** All documents, in order of their paths. */
export async function readDocuments(): Promise<readonly Document[]> {
  const paths = await Array.fromAsync(glob(['*.md', 'docs/**/*.md'], { cwd: ROOT }));
  return Promise.all(
    paths.toSorted().map(async (path) => ({ path, text: await readFile(join(ROOT, path), 'utf8') })),
  );
}

/** The fenced blocks of a language. */
export function blocksOf({ text }: Document, language: string): readonly string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(
    ([, block = '']) => block,
  );
}
