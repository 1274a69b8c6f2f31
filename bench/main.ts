// Measures pushes of the example service, each on an engine that starts empty, and writes docs/performance.md.
import { readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { pushFromEngine } from '../test/support/push-from-engine.ts';
import { startRegistry, type AccessEntry, type TestRegistry } from '../test/support/registry.ts';
import { BUILDX, PREHEAT, type Contender } from './contenders.ts';
import { startPrivateEngine } from '../test/support/private-engine.ts';
import { measurePipe, pipeText } from './pipe-overhead.ts';
import { makeSubject, type Subject } from './subject.ts';
import { median } from './median.ts';

const PAGE = fileURLToPath(new URL('../docs/performance.md', import.meta.url));
const BASE = 'node:24-bookworm';

interface Measurement {
  readonly seconds: number;
  readonly requests: number;
  readonly layersRead: number;
  readonly digest: string;
}

interface Row {
  readonly contender: string;
  readonly push: 'cold' | 'no-op';
  readonly runs: readonly Measurement[];
  readonly keptDigest?: boolean;
}

async function measure(contender: Contender, subject: Subject, registry: TestRegistry): Promise<Measurement> {
  await using engine = await startPrivateEngine();
  await registry.takeRequests();
  const startedAt = performance.now();
  const digest = await contender.push({
    directory: subject.directory,
    registry: registry.host,
    dockerHost: engine.host,
  });
  const seconds = (performance.now() - startedAt) / 1000;
  const requests = await registry.takeRequests();
  return { seconds, requests: requests.length, layersRead: requests.filter(isBlobRead).length, digest };
}

function isBlobRead({ method, path }: AccessEntry): boolean {
  return method === 'GET' && path.includes('/blobs/');
}

/** A cold push and the same commit again, on a registry that has the base and nothing else. */
async function measureContender(contender: Contender, runs: number): Promise<readonly Row[]> {
  const cold: Measurement[] = [];
  const again: Measurement[] = [];
  for (let run = 1; run <= runs; run++) {
    await using registry = await startRegistry();
    const base = await pushFromEngine(BASE, `${registry.host}/base/${BASE}`);
    await using subject = await makeSubject(base);
    cold.push(await measure(contender, subject, registry));
    again.push(await measure(contender, subject, registry));
    console.error(
      `${contender.name}, run ${run}: ${secondsText(cold)} cold, ${secondsText(again)} again (medians)`,
    );
  }
  const keptDigest = again.every(({ digest }, run) => digest === cold[run]?.digest);
  return [
    { contender: contender.name, push: 'cold', runs: cold },
    { contender: contender.name, push: 'no-op', runs: again, keptDigest },
  ];
}

function secondsText(runs: readonly Measurement[]): string {
  return `${median(runs.map(({ seconds }) => seconds)).toFixed(1)} s`;
}

function table(rows: readonly Row[]): string {
  const lines = rows.map(({ contender, push, runs, keptDigest }) => {
    const requests = median(runs.map((run) => run.requests));
    const layersRead = median(runs.map((run) => run.layersRead));
    const kept = keptDigest === undefined ? '' : keptDigest ? 'yes' : 'no';
    return `| ${push} | ${contender} | ${secondsText(runs)} | ${requests} | ${layersRead} | ${kept} |`;
  });
  return [
    '| push | built with | wall time | registry requests | blobs read | same digest |',
    '| --- | --- | ---: | ---: | ---: | --- |',
    ...lines,
  ].join('\n');
}

function page(rows: readonly Row[], runs: number, pipe: string): string {
  const machine = `${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), registry and engine on loopback`;
  return `# Performance

\`npm run bench\` (as root, with Docker Engine and buildx) measures and writes this page.

Subject: \`examples/node-service\` (\`npm ci && npm run build\`) on \`${BASE}\`, which the registry has. Each push meets an engine that starts empty, as a Pipelines step does. The other contender builds a Dockerfile that does the same (\`COPY . .\`, then the same commands) with the cache it can use there. *cold*: the registry has the base only; *no-op*: the same commit again.

Median of ${runs} on ${machine}:

${table(rows)}

The wall time of preheat holds the start of Node and, when cold, the capture of what the tasks changed. Blobs read count configs too.

${pipe}
`;
}

const { values } = parseArgs({ options: { runs: { type: 'string', default: '3' } } });
const runs = Number(values.runs);
const rows = [...(await measureContender(PREHEAT, runs)), ...(await measureContender(BUILDX, runs))];
const sorted = rows.toSorted((a, b) => (a.push === b.push ? 0 : a.push === 'cold' ? -1 : 1));
const pipe = pipeText(await measurePipe(runs));
console.log(`${table(sorted)}\n\n${pipe}`);
const text = page(sorted, runs, pipe);
const before = await readFile(PAGE, 'utf8').catch(() => '');
if (text !== before) await writeFile(PAGE, text);
