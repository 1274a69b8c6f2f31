import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import type { Referee } from './cases.ts';
import { REFEREES, type Verdict } from './verdicts.ts';

const PAGE = join(import.meta.dirname, '../../docs/fidelity.md');

const INTRODUCTION = `# What an image keeps

A developer gets the file system in which the tasks ended. The tests make each case below in a task, publish the image with \`preheat build\`, and compare what comes out with what was in the task's container: kind, mode, owner, time to the nanosecond, size, content, link target, hardlinks, extended attributes, device numbers, of every path. What is not in the table was equal too. Three referees looked:

- **layers**: the published bytes, read by the letter of the image specification;
- **Docker**: a container of the image, pulled by Docker Engine (overlay2);
- **umoci**: the image, unpacked by umoci.

_left out_ means that no image can hold it, and that the build names it in a warning. Never in an image: \`/proc\`, \`/sys\`, \`/dev\`, \`/tmp\`, \`/run\`, what is mounted, a few download caches (npm's \`_cacache\` and \`_logs\`, apt's archives, pip's HTTP cache), and SELinux labels, which are the host's.

Where the base has a folder that leads to the checkout (\`/workspace\`), that folder keeps the base's mode, extended attributes and ACLs, and belongs to the user of the tasks, as Gitpod's did; tasks and image see the same. A workspace without anything to run in a prebuild starts no container: there the folder is made anew with mode 0755.

The table is written by the test that makes it (\`test/fidelity\`).
`;

/** The page that says what was seen. */
export async function renderPage(verdicts: readonly Verdict[]): Promise<string> {
  const rows = verdicts.map((verdict) => rowOf(verdict));
  const table = ['| case | layers | Docker | umoci | why |', '| --- | --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
  return await format(`${INTRODUCTION}\n${table}\n`, {
    ...(await resolveConfig(PAGE)),
    parser: 'markdown',
  });
}

function rowOf(verdict: Verdict): string {
  const { tried } = verdict;
  const cells = REFEREES.map((referee) => cellOf(verdict, referee));
  return `| ${[tried.name, ...cells, tried.because ?? ''].map(inTable).join(' | ')} |`;
}

function cellOf({ tried, refused, losses }: Verdict, referee: Referee): string {
  const lost = losses[referee].length === 0 ? [] : [`lost: ${losses[referee].join(', ')}`];
  const without = tried.refused === undefined ? [] : [refused ? 'left out' : 'lost in silence'];
  const words = [...lost, ...without];
  return words.length === 0 ? 'kept' : words.join('; ');
}

function inTable(text: string): string {
  return text.replaceAll('|', String.raw`\|`);
}
