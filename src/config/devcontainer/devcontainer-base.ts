import { join } from 'node:path/posix';
import { baseSource } from '../base-source.ts';
import { aboutKey, aboutValue, type NodePath, type Tell } from '../finding.ts';
import type { BaseSource } from '../workspace-config.ts';
import { buildOptions } from './build-options.ts';
import type { DevcontainerFile } from './devcontainer-file.ts';
import { answered, type KnownVariables } from './variables.ts';

/** Where the base comes from; paths are written relative to `folder`, in which the file lies. */
export function devcontainerBase(
  file: DevcontainerFile,
  folder: string,
  known: KnownVariables,
  tell: Tell,
): BaseSource {
  const { image, build, dockerFile } = file;
  if (image !== undefined) {
    if (build !== undefined || dockerFile !== undefined)
      tell(aboutKey('error', ['image'], '"image" and a Dockerfile exclude each other', 'remove one of them'));
    return baseSource(answered(image, ['image'], known, tell), '', at(['image'], tell));
  }
  const around = { build, folder, known, tell };
  const context = build?.context ?? file.context;
  const contextPath = build?.context === undefined ? ['context'] : ['build', 'context'];
  if (build?.dockerfile !== undefined)
    return dockerfileBase(build.dockerfile, context, ['build', 'dockerfile'], contextPath, around);
  if (dockerFile !== undefined)
    return dockerfileBase(dockerFile, context, ['dockerFile'], contextPath, around);
  const message = 'the file names no base: neither "image" nor "build"';
  const isCompose = Object.hasOwn(file, 'dockerComposeFile');
  if (!isCompose)
    tell(
      aboutValue('error', [], message, 'add "image", such as "mcr.microsoft.com/devcontainers/base:debian"'),
    );
  return { kind: 'reference', reference: '' };
}

interface Surroundings {
  readonly build: DevcontainerFile['build'];
  readonly folder: string;
  readonly known: KnownVariables;
  readonly tell: Tell;
}

/** The context is the folder of the file where nothing is written. */
function dockerfileBase(
  written: string,
  context: string | undefined,
  filePath: NodePath,
  contextPath: NodePath,
  { build, folder, known, tell }: Surroundings,
): BaseSource {
  const file = join(folder, answered(written, filePath, known, tell));
  const root = join(folder, context === undefined ? '.' : answered(context, contextPath, known, tell));
  // Of one that is not written, nothing can be wrong.
  const source = baseSource({ file, context: root }, '', (finding) => {
    const path = 'path' in finding.where && finding.where.path.at(-1) === 'context' ? contextPath : filePath;
    at(path, tell)(finding);
  });
  return { ...source, ...buildOptions(build, known, tell) };
}

/** Tells findings of a `.gitpod.yml` at their place in this file. */
function at(path: NodePath, tell: Tell): Tell {
  return (finding) => {
    const message = finding.message.replace(/^image(?:\.file|\.context)?/, path.join('.'));
    tell({ ...finding, message, where: { path, at: 'value' } });
  };
}
