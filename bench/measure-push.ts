import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { startPrivateEngine } from '../test/support/private-engine.ts';
import { countContainers } from './container-count.ts';
import type { Contender } from './contenders/contender.ts';
import type { CountingProxy } from './counting-proxy.ts';
import type { Measurement } from './measurement.ts';
import type { Subject } from './subjects/subject.ts';
import { sumTraffic } from './traffic.ts';

/** The registry that pushes go to, as it is seen through what counts. */
export interface MeasuredRegistry {
  readonly proxy: CountingProxy;
  /** Digests of the base images' layers. */
  readonly baseLayers: ReadonlySet<string>;
}

/** What went before a push. */
export interface Before {
  readonly commit: string;
  readonly digest: string;
}

/** Pushes what the subject's clone holds, on an engine that starts empty. */
export async function measurePush(
  contender: Contender,
  subject: Subject,
  { proxy, baseLayers }: MeasuredRegistry,
  before: Before | undefined,
  signal: AbortSignal,
): Promise<Measurement> {
  signal.throwIfAborted();
  await using folder = await mkdtempDisposable(join(tmpdir(), 'preheat-bench-'));
  await using count = await countContainers();
  const configuration = contender.engine ?? {};
  await using engine = await startPrivateEngine({ configuration, environment: count.environment });
  await proxy.take();
  const around = { subject, registry: proxy.host, dockerHost: engine.host, folder: folder.path, signal };
  const startedAt = performance.now();
  const pushed = await contender.push(around);
  const seconds = (performance.now() - startedAt) / 1000;
  return {
    ...pushed,
    ...sumTraffic(await proxy.take(), baseLayers),
    seconds,
    containers: await count.started(),
    keptDigest: pushed.digest === before?.digest,
    diffBytes: await diffBytes(subject, before),
    files: (await subject.clone.git('ls-files', '-z')).split('\0').length - 1,
  };
}

async function diffBytes({ clone }: Subject, before: Before | undefined): Promise<number> {
  if (before === undefined) return 0;
  const diff = await clone.git('diff', '--binary', before.commit, 'HEAD');
  return diff === '' ? 0 : gzipSync(diff).length;
}
