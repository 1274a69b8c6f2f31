import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ROOT } from './bundle.ts';

const Package = z.object({ name: z.string(), version: z.string(), license: z.string().min(1) });

const LICENSE_FILE = /^(licen[cs]e|copying|notice)([.-].*)?$/i;

/**
 * The licences of the packages that `sources` (paths from the top folder) come from, as one text to go with a bundle of
 * them. Throws an `Error` for a package that tells no licence.
 */
export async function licensesOf(sources: readonly string[]): Promise<string> {
  const folders = new Set(sources.flatMap((path) => folderOfPackage(path) ?? []));
  const texts = await Promise.all([...folders].toSorted().map(licenseOf));
  return `This program holds the following packages.\n\n${texts.join('\n')}`;
}

/** The innermost package of a path: packages may have packages of their own. */
function folderOfPackage(path: string): string | undefined {
  return /^.*\bnode_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
}

async function licenseOf(folder: string): Promise<string> {
  const { name, version, license } = Package.parse(
    JSON.parse(await readFile(join(ROOT, folder, 'package.json'), 'utf8')),
  );
  const files = (await readdir(join(ROOT, folder))).filter((file) => LICENSE_FILE.test(file)).toSorted();
  const texts = await Promise.all(files.map((file) => readFile(join(ROOT, folder, file), 'utf8')));
  return [`--- ${name} ${version} (${license})`, ...texts.map((text) => text.trim()), ''].join('\n\n');
}
