import type {
  BaseBuilder,
  BaseBuildOutcome,
  BaseBuildRequest,
  DockerfilePart,
} from '../../../../src/build/base-builder.ts';
import type { ContextFile } from '../../../../src/build/build-context.ts';
import { connectTestEngine, patience, smallImage, uniqueName } from '../../../support/engine.ts';

/** The small image that every test's engine has, as a pinned one that only the engine has. */
export async function pinnedSmall(): Promise<Exclude<DockerfilePart, string>> {
  return { reference: 'small', digest: await smallImage(), source: 'engine' };
}

/** A file of a context. */
export function contextFile(path: string, content: string, rest: Partial<ContextFile> = {}): ContextFile {
  const bytes = Buffer.from(content);
  return {
    path,
    kind: 'file',
    executable: false,
    size: bytes.length,
    async *open() {
      if (bytes.length > 0) yield bytes;
    },
    ...rest,
  };
}

/** Labels of a run that nobody else has. */
export function uniqueLabels(): Readonly<Record<string, string>> {
  return { 'dev.preheat.run': uniqueName('test') };
}

/** Builds without a network; what is told is kept. */
export async function buildOn(
  request: Partial<BaseBuildRequest> & Pick<BaseBuildRequest, 'dockerfile'>,
  {
    builder = connectTestEngine().baseBuilder,
    ...options
  }: { builder?: BaseBuilder; signal?: AbortSignal } = {},
): Promise<{ readonly outcome: BaseBuildOutcome; readonly output: readonly string[] }> {
  const output: string[] = [];
  const outcome = await builder.build(
    {
      file: 'Dockerfile',
      context: [],
      platform: { os: 'linux', architecture: process.arch === 'x64' ? 'amd64' : process.arch },
      network: 'none',
      labels: uniqueLabels(),
      ...request,
    },
    {
      ...patience(),
      ...options,
      onProgress: () => {},
      onOutput: (line) => output.push(line),
    },
  );
  return { outcome, output };
}
