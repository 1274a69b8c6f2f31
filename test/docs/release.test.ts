import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { pipeImageName } from '../../release/pipe-image.ts';
import { readManifest } from '../../release/program-folder.ts';
import { documentedVariables } from './documented-variables.ts';
import { readPipeYaml } from '../support/pipelines/pipe-defaults.ts';
import { readDocuments, ROOT } from './documents.ts';

describe('a release', () => {
  it('has one version everywhere', async () => {
    const { version } = await readManifest();
    const lock = z
      .object({
        version: z.string(),
        packages: z.record(z.string(), z.looseObject({ version: z.string().optional() })),
      })
      .parse(JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')));
    const changelog = await readFile(join(ROOT, 'CHANGELOG.md'), 'utf8');
    const [, newest] = /^## (\d+\.\d+\.\d+)/m.exec(changelog) ?? [];
    const { image } = await readPipeYaml();
    assert.equal(lock.version, version);
    assert.equal(lock.packages['']?.version, version);
    assert.equal(newest, version);
    assert.equal(image, await pipeImageName());
    assert.ok(image.endsWith(`:${version}`));
    const own = await readFile(join(ROOT, 'bitbucket-pipelines.yml'), 'utf8');
    const texts = [...(await readDocuments()), { path: 'bitbucket-pipelines.yml', text: own }];
    const named = texts.flatMap(({ path, text }) =>
      [...text.matchAll(/preheat\/preheat-pipe:(\d[\w.-]*)/g)].map(([, tag]) => `${path}: ${tag}`),
    );
    assert.deepEqual(
      named.filter((each) => !each.endsWith(`: ${version}`)),
      [],
    );
    assert.ok(named.filter((each) => each.startsWith('README.md')).length > 3);
  });

  it('tells Pipelines of every variable, and takes the credentials of a step by itself', async () => {
    const { variables } = await readPipeYaml();
    assert.deepEqual(
      variables.map(({ name }) => name),
      documentedVariables().map(({ name }) => name),
    );
    const byName = new Map(variables.map(({ name, default: text }) => [name, text]));
    for (const { name, default: usual } of documentedVariables()) {
      const told = byName.get(name);
      assert.ok(told === undefined || told === `$${name}` || told === usual, `${name}: ${told}`);
      if (/^BITBUCKET_(?!API$)/.test(name)) assert.equal(told, `$${name}`);
    }
  });
});
