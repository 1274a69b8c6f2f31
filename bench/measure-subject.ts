import { startRegistry } from '../test/support/registry.ts';
import { takeBase, type BaseLayout } from './base-layout.ts';
import type { Contender } from './contenders/contender.ts';
import { startCountingProxy } from './counting-proxy.ts';
import { measurePush, type Before, type MeasuredRegistry } from './measure-push.ts';
import type { Measured } from './measurement.ts';
import { PUSH_KINDS, type PushKind } from './push-kind.ts';
import type { SubjectKind } from './subjects/subject.ts';
import { takeTurns } from './turns.ts';

/** How much is measured. */
export interface Extent {
  readonly runs: number;
  readonly pushes: ReadonlySet<PushKind>;
  readonly contenders: readonly Contender[];
  readonly signal: AbortSignal;
  /** Given each measurement as it is made. */
  readonly keep: (measured: Measured) => void;
}

/**
 * Measures the pushes of one subject by all contenders that suit it, each in a clone and a repository of its own and
 * from a cold push on. They take turns: each kind of push is made by all before the next one is.
 */
export async function measureSubject(kind: SubjectKind, extent: Extent): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const bases = new Map<string, BaseLayout>();
  for (const base of kind.bases) bases.set(base, stack.use(await takeBase(base)));
  const contenders = await suitedContenders(kind, extent);
  for (let run = 0; run < extent.runs; run++) await measureRun(kind, bases, { ...extent, contenders }, run);
}

/** Asks a clone that is for nothing else: those that are pushed are made just before their cold pushes. */
async function suitedContenders(
  kind: SubjectKind,
  { contenders, signal }: Extent,
): Promise<readonly Contender[]> {
  signal.throwIfAborted();
  await using subject = await kind.make((base) => base);
  const suits = await Promise.all(contenders.map((contender) => contender.suits(subject)));
  return contenders.filter((_, index) => suits[index]);
}

async function measureRun(
  kind: SubjectKind,
  bases: ReadonlyMap<string, BaseLayout>,
  extent: Extent,
  run: number,
): Promise<void> {
  await using registry = await startRegistry();
  await using proxy = await startCountingProxy(registry.host);
  for (const [base, layout] of bases) await layout.pushTo(`${registry.host}/${pathOf(base)}`);
  const baseLayers = new Set([...bases.values()].flatMap(({ layers }) => layers));
  const pushes = pushesOf(kind, extent);
  const series = extent.contenders.map((contender) =>
    measureSeries(kind, contender, pushes, { proxy, baseLayers }, extent),
  );
  await takeTurns(series, { count: pushes.length, first: run });
}

/** Where the registry under test has a base image. */
function pathOf(base: string): string {
  return `base/${base}`;
}

/** The cold push is made in any case, since all others come after it. */
function pushesOf({ changes }: SubjectKind, { pushes }: Extent): readonly PushKind[] {
  const possible = new Set<PushKind>(['no-op', ...changes]);
  return PUSH_KINDS.filter((push) => push === 'cold' || (possible.has(push) && pushes.has(push)));
}

/** Yields after each push, for the others to make theirs. */
async function* measureSeries(
  kind: SubjectKind,
  contender: Contender,
  pushes: readonly PushKind[],
  registry: MeasuredRegistry,
  extent: Extent,
): AsyncGenerator<void> {
  extent.signal.throwIfAborted();
  await using subject = await kind.make((base) => `${registry.proxy.host}/${pathOf(base)}`);
  let before: Before | undefined;
  for (const push of pushes) {
    if (push !== 'cold' && push !== 'no-op') await subject.change(push);
    const run = await measurePush(contender, subject, registry, before, extent.signal);
    before = { commit: await subject.clone.git('rev-parse', 'HEAD'), digest: run.digest };
    if (extent.pushes.has(push))
      extent.keep({ subject: kind.name, push, contender: contender.name, ...elsewherePart(contender), run });
    yield;
  }
}

function elsewherePart({ isElsewhere }: Contender): { readonly isElsewhere?: boolean } {
  return isElsewhere === undefined ? {} : { isElsewhere };
}
