import assert from 'node:assert/strict';
import { chmod, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { openBuildContext } from '../../../../src/adapters/git/build-context.ts';
import { openContextTree } from '../../../../src/adapters/git/context-tree.ts';
import type { BuiltImage } from '../../../../src/build/base-builder.ts';
import { readBuildRecipe } from '../../../../src/observe/dockerfile/build-recipe.ts';
import { observeDockerfile } from '../../../../src/observe/dockerfile/observe-dockerfile.ts';
import { readImageTriggers } from '../../../../src/observe/dockerfile/image-triggers.ts';
import type { BaseFacts } from '../../../../src/observe/facts.ts';
import type { DockerfileFacts } from '../../../../src/observe/dockerfile-facts.ts';
import { parseDigest } from '../../../../src/oci/digest.ts';
import { baseKey } from '../../../../src/plan/base-key.ts';
import { PLATFORM } from '../../../observe/dockerfile/dockerfile-repository.ts';
import { bareDocker, connectTestEngine, patience, smallImage, uniqueName } from '../../../support/engine.ts';
import { silentLog } from '../../../support/silent-log.ts';
import { createRepository, type Content, type TestRepository } from '../../git/git-fixture.ts';
import { buildOn } from './build-fixture.ts';

/** Every name of an image means the small one, which only the engine has. */
async function resolve(reference: string): Promise<BaseFacts> {
  return {
    reference: `docker.io/library/${reference}:latest`,
    digest: parseDigest(await smallImage()),
    source: 'engine',
  };
}

function portsOf(repository: TestRepository) {
  const { engineTriggers } = connectTestEngine();
  const openStore = (): never => assert.fail('no registry is to be asked');
  return {
    tree: openContextTree(repository.path),
    triggersOf: async (image: BaseFacts) =>
      await readImageTriggers(
        image,
        { openStore, engine: engineTriggers },
        { ...patience(), platform: PLATFORM },
      ),
    resolve,
    log: silentLog().log,
  };
}

interface Built {
  readonly key: string;
  readonly facts: DockerfileFacts;
  readonly image: BuiltImage;
  readonly layers: readonly string[];
  readonly output: readonly string[];
}

interface BuildOptions extends Partial<Pick<DockerfileFacts, 'context' | 'args' | 'target'>> {
  readonly resolved?: typeof resolve;
}

/** Reads, keys and builds the last commit's Dockerfile as a push would. */
async function build(
  repository: TestRepository,
  { context = '.', resolved = resolve, args, target }: BuildOptions = {},
): Promise<Built> {
  const commit = repository.git('rev-parse', 'HEAD');
  const ports = { ...portsOf(repository), resolve: resolved };
  const options = { ...patience(), platform: PLATFORM };
  const facts = await observeDockerfile(
    { file: 'Dockerfile', context, args, target },
    commit,
    ports,
    options,
  );
  const { dockerfile, files, folders } = await readBuildRecipe(facts, commit, ports, options);
  const folder = context === '.' ? '' : context;
  await using laid = await openBuildContext(repository.path).layDown(
    { commit, context: folder, files, folders },
    options,
  );
  const { outcome, output } = await buildOn({
    dockerfile,
    context: laid.files,
    platform: PLATFORM,
    ...(args && { args }),
    ...(target !== undefined && { target }),
  });
  assert.ok(outcome.kind === 'built', JSON.stringify(outcome));
  const { RootFS } = await bareDocker().getImage(outcome.image.id).inspect();
  const layers = RootFS.Layers ?? [];
  return { key: baseKey(facts, PLATFORM), facts, image: outcome.image, layers, output };
}

type Edit = readonly [name: string, edit: (repository: TestRepository) => Promise<unknown>, isSame: boolean];

describe('a base that is built from a commit', () => {
  const nonce = uniqueName('nonce');
  const files: Readonly<Record<string, Content>> = {
    Dockerfile: `FROM small AS tools\nFROM small\nENV NONCE=${nonce}\nCOPY --from=tools /bin/true /tool\nCOPY src *.json /app/\n`,
    '.dockerignore': 'src/*.log\n',
    'src/a': 'a\n',
    'src/b.log': 'b\n',
    'c.json': '{}\n',
    'README.md': 'read me\n',
  };
  const edits: readonly Edit[] = [
    [
      'a file that is not copied',
      async (repository) => await repository.write({ 'README.md': 'other\n' }),
      true,
    ],
    ['an ignored file', async (repository) => await repository.write({ 'src/b.log': 'other\n' }), true],
    [
      'the ignore file, to no effect',
      async (repository) => await repository.write({ '.dockerignore': 'src/*.log\nx\n' }),
      true,
    ],
    ['a copied file', async (repository) => await repository.write({ 'src/a': 'A\n' }), false],
    ['a name', async ({ path }) => await rename(join(path, 'c.json'), join(path, 'd.json')), false],
    ['a mode', async ({ path }) => await chmod(join(path, 'src/a'), 0o755), false],
    [
      'line ends',
      async (repository) => await repository.write({ '.gitattributes': 'src/a text eol=crlf\n' }),
      false,
    ],
    ['the ignore file', async (repository) => await repository.write({ '.dockerignore': '' }), false],
  ];
  for (const [name, edit, isSame] of edits) {
    it(`has ${isSame ? 'the same' : 'another'} key, and so it is, after a change of ${name}`, async () => {
      await using repository = await createRepository();
      await repository.commit(files);
      const before = await build(repository);
      await using _before = before.image;
      await edit(repository);
      await repository.commit();
      const after = await build(repository);
      await using _after = after.image;
      assert.equal(after.key === before.key, isSame);
      assert.equal(after.layers.join() === before.layers.join(), isSame);
      assert.equal(after.image.id === before.image.id, isSame);
    });
  }

  it('holds what a checkout holds: contents, modes, links, line ends, odd names', async () => {
    await using repository = await createRepository();
    const list = 'find . ! -type l -exec stat -c "%n %a %F" {} + | sort; readlink link; md5sum src/win';
    await repository.commit({
      'ctx/Dockerfile': '',
      Dockerfile: `# escape=\`\nFROM small\nWORKDIR /ctx\nCOPY . .\nRUN ${list} # ${nonce}\n`,
      'ctx/.dockerignore': 'ignored\n',
      'ctx/src/win': 'one\ntwo\n',
      'ctx/run': { script: '#!/bin/sh\n' },
      'ctx/link': { link: '../../../etc/passwd' },
      'ctx/ignored': '',
      '.gitattributes': 'ctx/src/* text eol=crlf\n',
      outside: '',
    });
    const { image, output } = await build(repository, { context: 'ctx' });
    await using _image = image;
    const from = output.findIndex((line) => line.includes('md5sum')) + 1;
    assert.deepEqual(output.slice(from), [
      '. 755 directory',
      './.dockerignore 644 regular file',
      './Dockerfile 644 regular empty file',
      './run 755 regular file',
      './src 755 directory',
      './src/win 644 regular file',
      '../../../etc/passwd',

      '4e03dd5f05f68ca4f8941fd80c63e0b2  src/win',
    ]);
  });

  it('holds folders of which all is ignored, as Docker sends them', async () => {
    await using repository = await createRepository();
    await repository.commit({
      Dockerfile: `FROM small\nCOPY . /c\nRUN cd /c && find . | sort # ${nonce}\n`,
      // Seen with BuildKit 0.13 (`docker buildx build`).
      '.dockerignore': 'logs/*\npre/**\ngone\n*file*\n.*\n',
      'logs/x': '',
      'logs/in/y': '',
      'pre/deep/q': '',
      'gone/x': '',
      'ok/z': '',
    });
    const { image, output } = await build(repository);
    await using _image = image;
    const from = output.findIndex((line) => line.includes('find .')) + 1;
    assert.deepEqual(output.slice(from), ['.', './logs', './ok', './ok/z', './pre']);
  });

  it('runs the triggers of an image that only the engine has, with the files that they copy', async () => {
    await using repository = await createRepository();
    await repository.commit({
      Dockerfile: `FROM small\nENV A=${nonce}\nONBUILD COPY a /a\nONBUILD RUN cat /a\n`,
    });
    const parent = await build(repository);
    await using _parent = parent.image;
    const image: BaseFacts = {
      reference: 'docker.io/library/parent:latest',
      digest: parent.image.id,
      source: 'engine',
    };
    await repository.commit({ Dockerfile: 'FROM parent\n', a: `${uniqueName('a')}\n`, b: 'one' });
    const first = await build(repository, { resolved: async () => image });
    await using _first = first.image;
    assert.equal(first.layers.length, parent.layers.length + 2);
    await repository.commit({ b: 'two' });
    const second = await build(repository, { resolved: async () => image });
    await using _second = second.image;
    assert.equal(second.key, first.key);
    await repository.commit({ a: 'other' });
    const third = await build(repository, { resolved: async () => image });
    await using _third = third.image;
    assert.notEqual(third.key, first.key);
  });

  const staged = [
    'ARG BASE=one',
    'ARG FULL=${BASE}',
    'FROM $FULL AS Tools',
    'ARG WHAT=default',
    'COPY a-tools /',
    `RUN echo "tools $WHAT" > /said # ${nonce}`,
    'FROM two AS dev',
    'ARG WHAT',
    'COPY a-dev /',
    'COPY --from=tools /said /from-tools',
    'RUN echo "dev $WHAT" > /said',
    'FROM three AS last',
    'COPY a-last /',
    'RUN echo last > /said',
    '',
  ].join('\n');
  /** Images that differ in the file `/name` alone, which only the engine has. */
  const namedImages = async (stack: AsyncDisposableStack): Promise<ReadonlyMap<string, BaseFacts>> => {
    const small = { reference: 'small', digest: await smallImage(), source: 'engine' } as const;
    const images = new Map<string, BaseFacts>();
    for (const name of ['one', 'two', 'three', 'other']) {
      const dockerfile = ['FROM ', small, `\nRUN echo ${name} > /name # ${nonce}\n`];
      const { outcome } = await buildOn({ dockerfile });
      assert.ok(outcome.kind === 'built');
      stack.use(outcome.image);
      const reference = `docker.io/library/${name}:latest`;
      images.set(name, { reference, digest: parseDigest(outcome.image.id), source: 'engine' });
    }
    return images;
  };
  type Wanted = Pick<BuildOptions, 'args' | 'target'>;
  const wanted: readonly (readonly [Wanted, images: string, copied: string, name: string, said: string])[] = [
    [{}, 'three', 'a-last', 'three', 'last'],
    [{ target: 'LAST' }, 'three', 'a-last', 'three', 'last'],
    [{ target: 'tools' }, 'one', 'a-tools', 'one', 'tools default'],
    [{ target: 'tools', args: { WHAT: 'a $b "c"' } }, 'one', 'a-tools', 'one', 'tools a $b "c"'],
    [{ target: 'tools', args: { BASE: 'other' } }, 'other', 'a-tools', 'other', 'tools default'],
    [{ target: 'tools', args: { BASE: 'one', FULL: 'two' } }, 'two', 'a-tools', 'two', 'tools default'],
    [{ target: 'dev', args: { WHAT: 'x' } }, 'one,two', 'a-dev', 'two', 'dev x'],
    [{ target: 'dev', args: { UNUSED: 'x' } }, 'one,two', 'a-dev', 'two', 'dev '],
  ];

  it('is of the stage, the images and the files that were read for the key, whatever is asked for', async () => {
    await using stack = new AsyncDisposableStack();
    const images = await namedImages(stack);
    await using repository = await createRepository();
    await repository.commit({ Dockerfile: staged, 'a-tools': 'a', 'a-dev': 'b', 'a-last': 'c', other: 'd' });
    const resolved = async (reference: string): Promise<BaseFacts> =>
      images.get(reference) ?? assert.fail(`${reference} is not to be asked for`);
    const keys = new Map<string, string>();
    for (const [asked, named, copied, name, said] of wanted) {
      const built = await build(repository, { ...asked, resolved });
      stack.use(built.image);
      const place = JSON.stringify(asked);
      const names = built.facts.images.map(({ reference }) => /([^/]*):latest$/.exec(reference)?.[1] ?? '');
      assert.deepEqual(new Set(names), new Set(named.split(',')), place);
      const read = (path: string): string => `RUN cat ${path} # ${uniqueName('n')}\n`;
      const look = await buildOn({
        dockerfile: [
          'FROM ',
          { reference: 'built', digest: parseDigest(built.image.id), source: 'engine' },
          `\n${read('/name')}${read('/said')}RUN ls / | grep ^a- # ${uniqueName('n')}\n`,
        ],
      });
      assert.ok(look.outcome.kind === 'built', place);
      stack.use(look.outcome.image);
      for (const line of [name, said])
        assert.ok(look.output.includes(line), `${place}: ${look.output.join()}`);
      const laid = look.output.filter((line) => /^a-[a-z]+$/.test(line));
      assert.deepEqual(laid, [copied], place);
      keys.set(built.key, place);
    }
    // Nothing that is asked for in another way has the key of another one, be it the same in the end.
    assert.equal(keys.size, wanted.length);
  });

  it('is nothing where its stage is not there: neither reads it nor builds it', async () => {
    await using repository = await createRepository();
    await repository.commit({ Dockerfile: 'FROM small AS one\nFROM small\n' });
    for (const target of ['none', '1']) {
      await assert.rejects(build(repository, { target }), { code: 'config-invalid' });
      const small = { reference: 'small', digest: await smallImage(), source: 'engine' } as const;
      const request = { dockerfile: ['FROM ', small, ' AS one\nFROM ', small, '\n'], target };
      const { outcome } = await buildOn(request);
      assert.equal(outcome.kind, 'failed', target);
    }
  });
});
