import { startRegistry } from '../test/support/registry.ts';
import { takeBase, type BaseLayout } from './base-layout.ts';
import type { Contender } from './contenders/contender.ts';
import { startCountingProxy } from './counting-proxy.ts';
import { measurePush, type Before, type MeasuredRegistry } from './measure-push.ts';
import type { Measured } from './measurement.ts';
import { PUSH_KINDS, type PushKind } from './push-kind.ts';
import type { Subject, SubjectKind } from './subjects/subject.ts';

/** How much is measured. */
export interface Extent {
  readonly runs: number;
  readonly pushes: ReadonlySet<PushKind>;
  readonly contenders: readonly Contender[];
  readonly signal: AbortSignal;
  /** Given each measurement as it is made. */
  readonly keep: (measured: Measured) => void;
}

/** Measures the pushes of one subject by all contenders, each in a repository of its own and from a cold push on. */
export async function measureSubject(kind: SubjectKind, extent: Extent): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const bases = new Map<string, BaseLayout>();
  for (const base of kind.bases) bases.set(base, stack.use(await takeBase(base)));
  for (let run = 0; run < extent.runs; run++) await measureRun(kind, bases, extent);
}

async function measureRun(
  kind: SubjectKind,
  bases: ReadonlyMap<string, BaseLayout>,
  extent: Extent,
): Promise<void> {
  await using registry = await startRegistry();
  await using proxy = await startCountingProxy(registry.host);
  for (const [base, layout] of bases) await layout.pushTo(`${registry.host}/${pathOf(base)}`);
  const baseLayers = new Set([...bases.values()].flatMap(({ layers }) => layers));
  for (const contender of extent.contenders) {
    extent.signal.throwIfAborted();
    await using subject = await kind.make((base) => `${proxy.host}/${pathOf(base)}`);
    if (await contender.suits(subject))
      await measureSeries(kind, subject, contender, { proxy, baseLayers }, extent);
  }
}

/** Where the registry under test has a base image. */
function pathOf(base: string): string {
  return `base/${base}`;
}

/** The cold push is made in any case, since all others come after it. */
async function measureSeries(
  kind: SubjectKind,
  subject: Subject,
  contender: Contender,
  registry: MeasuredRegistry,
  extent: Extent,
): Promise<void> {
  const possible = new Set<PushKind>(['cold', 'no-op', ...kind.changes]);
  let before: Before | undefined;
  for (const push of PUSH_KINDS.filter((push) => possible.has(push))) {
    if (push !== 'cold' && !extent.pushes.has(push)) continue;
    if (push !== 'cold' && push !== 'no-op') await subject.change(push);
    const run = await measurePush(contender, subject, registry, before, extent.signal);
    before = { commit: await subject.clone.git('rev-parse', 'HEAD'), digest: run.digest };
    if (extent.pushes.has(push))
      extent.keep({ subject: kind.name, push, contender: contender.name, ...elsewherePart(contender), run });
  }
}

function elsewherePart({ isElsewhere }: Contender): { readonly isElsewhere?: boolean } {
  return isElsewhere === undefined ? {} : { isElsewhere };
}
