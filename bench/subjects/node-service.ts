import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { appended } from './edits.ts';
import { exampleClone } from './example.ts';
import { editedSubject, type Edit, type SubjectKind } from './subject.ts';

const BASE = 'node:24-bookworm';
const PARTS = [
  { copies: ['package.json package-lock.json ./'], run: 'npm ci' },
  { copies: ['tsconfig.json ./', 'src src'], run: 'npm run build' },
];

/** The example of a Node service: dependencies that are installed, sources that are compiled. */
export const NODE_SERVICE: SubjectKind = {
  name: 'node',
  title: `\`examples/node-service\` on \`${BASE}\`: \`npm ci && npm run build\``,
  bases: [BASE],
  changes: ['docs-only', 'source-only', 'dependencies'],
  unread: ['docs-only'],
  async make(nameOf) {
    const clone = await exampleClone('node-service', BASE, nameOf(BASE));
    const edits = {
      'docs-only': appended('README.md', '\nOne more line.'),
      'source-only': appended('src/links-page.ts', '// One more line.'),
      dependencies: pinned,
    };
    return editedSubject(clone, edits, async () => ({
      base: `FROM ${nameOf(BASE)}`,
      folder: '/workspace/node-service',
      init: 'npm ci && npm run build',
      parts: PARTS,
    }));
  },
};

/** Asks for exactly the TypeScript that is locked, in `package.json` and lock file: what is installed stays the same. */
const pinned: Edit = async ({ directory }) => {
  const names = ['package.json', 'package-lock.json'] as const;
  const [manifest, lock] = await Promise.all(names.map((name) => readFile(join(directory, name), 'utf8')));
  const locked = /"node_modules\/typescript": \{\s*"version": "([^"]+)"/.exec(lock ?? '')?.[1];
  if (manifest === undefined || lock === undefined || locked === undefined)
    throw new Error('no TypeScript is locked');
  const pin = (text: string): string => text.replace(/("typescript": )"\^[^"]+"/, `$1"${locked}"`);
  return { 'package.json': pin(manifest), 'package-lock.json': pin(lock) };
};
