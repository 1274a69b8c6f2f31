import type { WorkspaceConfig } from '../../src/config/workspace-config.ts';

/** `FROM [--platform=…] image [AS stage]`: https://docs.docker.com/reference/dockerfile/#from */
const FROM = /^\s*FROM\s+(?:--platform=\S+\s+)?(\S+)(?:\s+AS\s+(\S+))?\s*$/gim;

/**
 * The images that a base is made from.
 * @throws {Error} where a Dockerfile names one by a variable
 */
export function basesOf(base: WorkspaceConfig['base'], dockerfile: string | undefined): readonly string[] {
  if (base.kind === 'reference') return [base.reference];
  const found = [...(dockerfile ?? '').matchAll(FROM)].map(([, image = '', stage]) => ({ image, stage }));
  const stages = new Set(['scratch', ...found.map(({ stage }) => stage)]);
  const images = new Set(found.map(({ image }) => image).filter((image) => !stages.has(image)));
  const variable = [...images].find((image) => image.includes('$'));
  if (variable !== undefined)
    throw new Error(`cannot measure a base that is named by a variable: ${variable}`);
  return [...images];
}

/** A file in which the bases after a word (`image:`, `FROM`) have other names. */
export function renamedBases(
  text: string,
  word: 'image:' | 'FROM',
  bases: readonly string[],
  nameOf: (base: string) => string,
): string {
  const pattern = new RegExp(String.raw`^(\s*${word}\s+(?:--platform=\S+\s+)?["']?)([^\s"']+)`, 'gim');
  return text.replaceAll(pattern, (all, before: string, image: string) =>
    bases.includes(image) ? `${before}${nameOf(image)}` : all,
  );
}
