import { startRegistry } from '../test/support/registry.ts';
import { takeBase, type BaseLayout } from './base-layout.ts';
import type { Contender } from './contenders/contender.ts';
import { startCountingProxy } from './counting-proxy.ts';
import { measurePush, type Before, type MeasuredRegistry } from './measure-push.ts';
import type { Measurement, Row } from './measurement.ts';
import { PUSH_KINDS, type PushKind } from './push-kind.ts';
import type { Subject, SubjectKind } from './subjects/subject.ts';

/** How much is measured. */
export interface Extent {
  readonly runs: number;
  readonly pushes: ReadonlySet<PushKind>;
  readonly contenders: readonly Contender[];
  readonly signal: AbortSignal;
  /** Told of each measurement as it is made. */
  readonly tell: (text: string) => void;
}

/** One measurement with what it is of. */
type Measured = Omit<Row, 'runs'> & { readonly run: Measurement };

/** Measures the pushes of one subject by all contenders, each in a repository of its own and from a cold push on. */
export async function measureSubject(kind: SubjectKind, extent: Extent): Promise<readonly Row[]> {
  await using stack = new AsyncDisposableStack();
  const bases = new Map<string, BaseLayout>();
  for (const base of kind.bases) bases.set(base, stack.use(await takeBase(base)));
  const measured: Measured[] = [];
  for (let run = 0; run < extent.runs; run++) measured.push(...(await measureRun(kind, bases, extent)));
  return rowsOf(measured);
}

async function measureRun(
  kind: SubjectKind,
  bases: ReadonlyMap<string, BaseLayout>,
  extent: Extent,
): Promise<readonly Measured[]> {
  await using registry = await startRegistry();
  await using proxy = await startCountingProxy(registry.host);
  for (const [base, layout] of bases) await layout.pushTo(`${registry.host}/${pathOf(base)}`);
  const baseLayers = new Set([...bases.values()].flatMap(({ layers }) => layers));
  const measured: Measured[] = [];
  for (const contender of extent.contenders) {
    extent.signal.throwIfAborted();
    await using subject = await kind.make((base) => `${proxy.host}/${pathOf(base)}`);
    if (await contender.suits(subject))
      measured.push(...(await measureSeries(kind, subject, contender, { proxy, baseLayers }, extent)));
  }
  return measured;
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
): Promise<readonly Measured[]> {
  const possible = new Set<PushKind>(['cold', 'no-op', ...kind.changes]);
  const measured: Measured[] = [];
  let before: Before | undefined;
  for (const push of PUSH_KINDS.filter((push) => possible.has(push))) {
    if (push !== 'cold' && !extent.pushes.has(push)) continue;
    if (push !== 'cold' && push !== 'no-op') await subject.change(push);
    const run = await measurePush(contender, subject, registry, before, extent.signal);
    before = { commit: await subject.clone.git('rev-parse', 'HEAD'), digest: run.digest };
    extent.tell(`${kind.name}, ${push}, ${contender.name}: ${run.seconds.toFixed(1)} s`);
    if (extent.pushes.has(push)) measured.push({ subject: kind.name, push, contender: contender.name, run });
  }
  return measured;
}

/** Runs of the same push, subject and contender together; pushes in their order. */
function rowsOf(measured: readonly Measured[]): readonly Row[] {
  const groups = Map.groupBy(measured, ({ push, contender }) => `${PUSH_KINDS.indexOf(push)} ${contender}`);
  const rows = [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [{ ...first, runs: group.map(({ run }) => run) }];
  });
  return rows
    .map(({ subject, push, contender, runs }) => ({ subject, push, contender, runs }))
    .toSorted((a, b) => PUSH_KINDS.indexOf(a.push) - PUSH_KINDS.indexOf(b.push));
}
