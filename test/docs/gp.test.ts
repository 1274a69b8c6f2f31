import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { workspaceVariables } from '../../src/kernel/workspace-variables.ts';
import { ROOT } from './documents.ts';

const page = async (): Promise<string> => readFile(join(ROOT, 'docs/gp.md'), 'utf8');

describe('docs/gp.md', () => {
  it('has every subcommand of gp, and no other', async () => {
    const script = await readFile(join(ROOT, 'image/gp'), 'utf8');
    const cases = /^case \$command in\n(.*?)^esac/ms.exec(script)?.[1] ?? '';
    const known = [...cases.matchAll(/^([a-z][^)]*)\)/gm)].flatMap(([, names = '']) =>
      names.split('|').map((name) => name.trim()),
    );
    const told = [...(await page()).matchAll(/`gp ([a-z-]+)/g)].map(([, name = '']) => name);
    const ofUsers = known.filter((name) => !name.startsWith('-'));
    assert.ok(ofUsers.length > 20, ofUsers.join());
    assert.deepEqual([...new Set(told)].toSorted(), [...new Set(ofUsers)].toSorted());
  });

  it('has every variable that workspaces set', async () => {
    const text = await page();
    const variables = workspaceVariables({
      checkoutLocation: '/workspace/a',
      workspaceLocation: '/workspace',
    });
    for (const name of Object.keys(variables)) assert.ok(text.includes(`\`${name}\``), name);
  });
});
