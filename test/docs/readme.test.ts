import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { documentedVariables, type PipeVariable } from './documented-variables.ts';
import { ROOT } from './documents.ts';

const FILE = join(ROOT, 'README.md');
/** The form of a pipe's README (https://support.atlassian.com/bitbucket-cloud/docs/write-a-pipe-for-bitbucket-pipelines/). */
const SECTIONS = ['YAML Definition', 'Variables', 'Prerequisites', 'Examples', 'Support'];
const REQUIRED = new Set(['REGISTRY']);
const TABLE = /(?<=^## Variables\n\n)\|.*?(?=\n\n)/ms;

function rowOf({ name, description, argument, default: usual }: PipeVariable): string {
  const form = argument === undefined ? '`true` or `false`' : `\`${argument.replaceAll('|', '\\|')}\``;
  const told = `${description.charAt(0).toUpperCase()}${description.slice(1)}`;
  const fallback = usual === undefined ? '' : ` Default: \`${usual}\`.`;
  return `| ${name}${REQUIRED.has(name) ? ' (\\*)' : ''} | ${told}. ${form}.${fallback} |`;
}

async function withTable(readme: string): Promise<string> {
  const table = ['| Variable | Usage |', '| --- | --- |', ...documentedVariables().map(rowOf)].join('\n');
  const options = { ...(await resolveConfig(FILE)), parser: 'markdown' };
  return format(
    readme.replace(TABLE, () => table),
    options,
  );
}

describe('README.md', () => {
  it('has the form of a pipe', async () => {
    const readme = await readFile(FILE, 'utf8');
    assert.match(readme, /^# Bitbucket Pipelines Pipe: preheat\n/);
    const headings = [...readme.matchAll(/^## (.+)$/gm)].map(([, heading = '']) => heading);
    assert.deepEqual(
      headings.filter((heading) => SECTIONS.includes(heading)),
      SECTIONS,
    );
    assert.match(readme, /^### Basic example\n[^]*^### Advanced examples\n/m);
  });

  it('has the table of variables that the code has (UPDATE_GOLDEN=1 writes it anew)', async () => {
    const readme = await readFile(FILE, 'utf8');
    assert.match(readme, TABLE);
    const expected = await withTable(readme);
    if (process.env['UPDATE_GOLDEN'] === '1') await writeFile(FILE, expected);
    assert.equal(await readFile(FILE, 'utf8'), expected);
  });

  it('gives a newcomer two commands', async () => {
    const readme = await readFile(FILE, 'utf8');
    const [first = ''] = [...readme.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block]) => block);
    assert.deepEqual(
      first.split('\n').map((line) => line.split(' #')[0]?.trim()),
      ['npm run demo', 'npm test', ''],
    );
  });
});
