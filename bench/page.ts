import { cpus } from 'node:os';
import type { Budget } from './budgets.ts';
import { budgetTable } from './budget-table.ts';
import type { Contender } from './contenders/contender.ts';
import type { Row } from './measurement.ts';
import { RECORDS } from './planning.ts';
import { PUSH_KINDS, PUSH_TEXT } from './push-kind.ts';
import { pushTable } from './push-table.ts';
import type { SubjectKind } from './subjects/subject.ts';

/** All that the page tells. */
export interface Results {
  readonly runs: number;
  readonly subjects: readonly Pick<SubjectKind, 'name' | 'title'>[];
  readonly contenders: readonly Pick<Contender, 'name' | 'title'>[];
  /** The contender that the others are peers of. */
  readonly own: string;
  readonly rows: readonly Row[];
  readonly budgets: readonly Budget[];
  /** Sentences on what else was measured. */
  readonly notes: readonly string[];
}

/** The tables of each subject, and of the budgets. */
export function tables({ subjects, own, rows, budgets, notes }: Results): string {
  const parts = subjects.flatMap(({ name, title }) => {
    const ofSubject = rows.filter(({ subject }) => subject === name);
    return ofSubject.length === 0 ? [] : [`## ${name}`, title, pushTable(ofSubject, own)];
  });
  const verdicts = budgets.length === 0 ? [] : ['## Budgets', budgetTable(budgets)];
  return [...parts, ...verdicts, ...notes].join('\n\n');
}

/** `docs/performance.md`. */
export function page(results: Results): string {
  const machine = `${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), registry and engine on loopback`;
  const pushes = PUSH_KINDS.filter((kind) => results.rows.some(({ push }) => push === kind));
  return `# Performance

\`npm run bench\` (as root, with Docker Engine and buildx) measures and writes this page; \`npm run bench -- --only node --pushes no-op,docs-only --runs 1\` measures a part and prints it, \`--repo DIR\` does that for a repository of yours.

![Wall time of each push, by contender](performance.svg)

Each push meets an engine that starts empty, as a Pipelines step does, and a registry that has what the pushes before left; the base image lies in the same registry. Contenders take turns, push by push, another one first each time. ${runsText(results.runs)} on ${machine}.

| push | brings |
| --- | --- |
${pushes.map((kind) => `| ${kind} | ${PUSH_TEXT[kind]} |`).join('\n')}

| built with | that is |
| --- | --- |
${results.contenders.map(({ name, title }) => `| ${name} | ${title} |`).join('\n')}

The Dockerfiles of the others do what the \`.gitpod.yml\` does. The docker driver exports an inline cache from its own image store, and no other. A cache of all layers (\`type=registry,mode=max\`) needs containerd's image store, which a Pipelines step does not have, or a docker-container builder, which its default runtime refuses; it is here as the best that such a cache can do elsewhere. A docker-container builder itself is not measured.

_containers_: all that the engine started, those of its builds too. _requests_ and _bytes_: what passed between the push and the registry (bodies alone). _of them base_: downloaded layers of the base image. _digest_: whether the image is the one of the push before. _peak memory_: of preheat's own program. _best peer ÷ it_: how many times as fast as the fastest of the others that a step can use. _planning_: \`preheat plan\` from its start to its end, in the repository of many files and a registry with ${RECORDS.toLocaleString('en')} records. _validating_: \`preheat validate\`, less what \`preheat --version\` takes. Budgets are ratios and sums of what was measured in the same run.

${tables(results)}
`;
}

function runsText(runs: number): string {
  return runs === 1 ? 'One run' : `Median of ${runs} runs`;
}
