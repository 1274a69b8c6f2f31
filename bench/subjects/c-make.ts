import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { appended } from './edits.ts';
import { exampleClone } from './example.ts';
import { editedSubject, type SubjectKind } from './subject.ts';

const BASE = 'buildpack-deps:bookworm';
const DOCKERFILE = '.gitpod.Dockerfile';
const INIT = 'make && make check';

/** The example in C, whose base a Dockerfile describes. */
export const C_MAKE: SubjectKind = {
  name: 'c-make',
  title: `\`examples/c-make\` on a Dockerfile from \`${BASE}\`: \`${INIT}\``,
  bases: [BASE],
  changes: ['docs-only', 'source-only', 'dockerfile'],
  unread: ['docs-only'],
  async make(nameOf) {
    const clone = await exampleClone('c-make', BASE, nameOf(BASE));
    const edits = {
      'docs-only': appended('README.md', '\nOne more line.'),
      'source-only': appended('src/adler32.c', '/* One more line. */'),
      dockerfile: appended(DOCKERFILE, '\nRUN mkdir /opt/tools'),
    };
    return editedSubject(clone, edits, async () => ({
      base: await readFile(join(clone.directory, DOCKERFILE), 'utf8'),
      folder: '/workspace/c-make',
      init: INIT,
      parts: [{ copies: ['Makefile ./', 'src src', 'tests tests'], run: INIT }],
    }));
  },
};
