import assert from 'node:assert/strict';
import { access, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { readDocuments, ROOT, type Document } from './documents.ts';

const Package = z.object({ scripts: z.record(z.string(), z.string()) });

/** Links to other files: `[text](path#anchor)`, without those to the web. */
function linksOf({ text }: Document): readonly (readonly [path: string, anchor: string | undefined])[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/i.test(target))
    .map((target) => {
      const [path = '', anchor] = target.split('#');
      return [path, anchor] as const;
    });
}

/** The anchors that Bitbucket and GitHub make of headings. */
function anchorsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe('the documents', () => {
  it('are found', async () => {
    const paths = (await readDocuments()).map(({ path }) => path);
    assert.ok(paths.includes('README.md') && paths.includes('docs/ARCHITECTURE.md'), paths.join(', '));
  });

  it('link to what is there', async () => {
    const broken: string[] = [];
    let links = 0;
    for (const document of await readDocuments()) {
      for (const [path, anchor] of linksOf(document)) {
        links++;
        const target = path === '' ? document.path : join(dirname(document.path), path);
        const exists = await access(join(ROOT, target)).then(
          () => true,
          () => false,
        );
        const isSound =
          exists &&
          (anchor === undefined || anchorsOf(await readFile(join(ROOT, target), 'utf8')).includes(anchor));
        if (!isSound) broken.push(`${document.path}: ${path}${anchor === undefined ? '' : `#${anchor}`}`);
      }
    }
    assert.deepEqual(broken, []);
    assert.ok(links > 10);
  });

  it('name scripts and folders that are there', async () => {
    const { scripts } = Package.parse(JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')));
    const unknown: string[] = [];
    let named = 0;
    for (const { path, text } of await readDocuments()) {
      // What other projects run, as the subject of a measurement does, stands behind `&&`.
      const runs = [...text.matchAll(/(?<!&& )npm (?:run (?:-s |--silent )?([a-z][a-z:-]*)|test)\b/g)].map(
        ([, name = 'test']) => name,
      );
      const places = [...text.matchAll(/`((?:src|test|docs|image|pipe|setup|examples)\/[\w./-]*)`/g)].map(
        ([, place = '']) => place,
      );
      named += runs.length + places.length;
      unknown.push(...runs.filter((name) => !(name in scripts)).map((name) => `${path}: npm run ${name}`));
      for (const place of places) {
        await access(join(ROOT, place)).catch(() => unknown.push(`${path}: ${place}`));
      }
    }
    assert.deepEqual(unknown, []);
    assert.ok(named > 20);
  });
});
