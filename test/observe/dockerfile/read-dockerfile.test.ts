import assert from 'node:assert/strict';
import { PreheatError } from '../../../src/kernel/failure.ts';
import { readDockerfile, type DockerfileUse } from '../../../src/observe/dockerfile/read-dockerfile.ts';

const USE = { file: '.gitpod.Dockerfile', platform: { os: 'linux', architecture: 'amd64' } } as const;

/** What a Dockerfile names, each cut out of its text where it is said to stand. */
function imagesOf(text: string, more: Partial<DockerfileUse> = {}): readonly string[] {
  return readDockerfile(text, { ...USE, ...more }).images.map(({ reference, start, end }) =>
    text.slice(start, end) === reference ? reference : `${reference} as ${text.slice(start, end)}`,
  );
}

function sourcesOf(text: string): readonly string[] | 'everything' {
  return readDockerfile(`FROM a\n${text}\n`, USE).sources;
}

function uncachedOf(text: string): string | undefined {
  return readDockerfile(`FROM a\n${text}\n`, USE).uncached;
}

function refusal(text: string, more: Partial<DockerfileUse> = {}): string {
  try {
    readDockerfile(text, { ...USE, ...more });
  } catch (thrown) {
    assert.ok(thrown instanceof PreheatError);
    assert.equal(thrown.code, 'config-invalid');
    return thrown.message.replace('cannot build the base image from ', '');
  }
  assert.fail('it was taken');
}

describe('readDockerfile: a stage and arguments', () => {
  const stages =
    'FROM a AS One\nCOPY one /\nADD https://x/y /\nFROM b AS two\nCOPY two /\nFROM two AS three\nCOPY --from=one / /\nFROM c\n';

  it('finds what the stage that is built needs, and nothing of others', () => {
    assert.deepEqual(imagesOf(stages), ['c']);
    assert.deepEqual(imagesOf(stages, { target: 'two' }), ['b']);
    assert.deepEqual(imagesOf(stages, { target: 'ONE' }), ['a']);
    assert.deepEqual(imagesOf(stages, { target: 'three' }), ['a', 'b']);
    const { sources, uncached } = readDockerfile(stages, { ...USE, target: 'two' });
    assert.deepEqual([sources, uncached], [['two'], undefined]);
    assert.match(readDockerfile(stages, { ...USE, target: 'three' }).uncached ?? '', /^ADD https/);
    assert.deepEqual(imagesOf('FROM a AS x\nFROM b AS x\nFROM c\n', { target: 'x' }), ['b']);
  });

  it('refuses a stage that is not there, and names those that are', () => {
    assert.match(refusal(stages, { target: 'four' }), /Dockerfile: it has no stage of the name "four"$/);
    assert.throws(
      () => readDockerfile(stages, { ...USE, target: 'four' }),
      (thrown: unknown) => thrown instanceof PreheatError && thrown.hint === 'It has: one, two, three.',
    );
    assert.match(refusal('FROM a\n', { target: '0' }), /no stage of the name "0"$/);
  });

  it('takes values in place of defaults, as they are, and only for what is declared in front of FROM', () => {
    const text = 'ARG TAG=12\nARG NAME\nARG FULL=${NAME:-debian}:$TAG\nFROM $FULL\n';
    const args = (values: Readonly<Record<string, string>>): readonly string[] =>
      imagesOf(text, { args: values }).map((image) => image.replace(' as $FULL', ''));
    assert.deepEqual(args({}), ['debian:12']);
    assert.deepEqual(args({ TAG: '13' }), ['debian:13']);
    assert.deepEqual(args({ NAME: 'alpine', TAG: '$X' }), ['alpine:$X']);
    assert.deepEqual(args({ FULL: 'node:24', TAG: '' }), ['node:24']);
    assert.deepEqual(imagesOf('FROM ${TAG:-a}\nARG TAG=x\n', { args: { TAG: 'b' } }), ['a as ${TAG:-a}']);
    assert.deepEqual(imagesOf('FROM a-$TARGETARCH\n', { args: { TARGETARCH: 'x' } }), [
      'a-x as a-$TARGETARCH',
    ]);
    assert.match(refusal('ARG A=a\nFROM $A\n', { args: { A: '' } }), /:2: FROM names no image$/);
  });
});

describe('readDockerfile: images', () => {
  const cases: readonly (readonly [name: string, text: string, images: readonly string[]])[] = [
    ['a plain FROM', 'FROM debian:12\n', ['debian:12']],
    [
      'no line break at the end, another case, much space',
      '\n \t\n  from \t debian:12   as  X',
      ['debian:12'],
    ],
    [
      'a byte order mark and CRLF',
      '\ufeffFROM debian:12\r\nRUN a\\\r\n b\r\nCOPY --from=c /x /\r\n',
      ['debian:12', 'c'],
    ],
    ['several stages', 'FROM a AS one\nFROM b\nCOPY --from=one / /\nCOPY --from=0 / /1\n', ['a', 'b']],
    ['a stage upon a stage, whatever the case', 'FROM a AS One\nFROM oNe\n', ['a']],
    ['stages that are not needed', 'FROM a AS one\nFROM b AS two\nFROM c\n', ['c']],
    [
      'stages that are needed by way of others',
      'FROM a AS one\nFROM b AS two\nCOPY --from=one / /\nFROM c\nRUN --mount=from=two,target=/x true\n',
      ['a', 'b', 'c'],
    ],
    ['an image of the name of a later stage', 'FROM b\nFROM b AS b\n', ['b']],
    ['a stage of the name of an image', 'FROM a AS debian\nFROM debian\n', ['a']],
    [
      'the last of two stages of one name',
      'FROM a AS x\nFROM b AS x\nFROM c\nCOPY --from=x / /\n',
      ['b', 'c'],
    ],
    ['scratch', 'FROM scratch\nCOPY --from=a / /\n', ['a']],
    [
      'COPY --from of an image, with other flags',
      'FROM a\nCOPY --chown=1:1 --from=b:1@sha256:0 --link /x /y\n',
      ['a', 'b:1@sha256:0'],
    ],
    [
      'mounts from images',
      'FROM a\nRUN --mount=type=bind,from=b,target=/b --mount=target=/c,from=c,type=cache ls\n',
      ['a', 'b', 'c'],
    ],
    [
      'continued lines with comments in between',
      'FROM \\\n# one\n\n  debian:12 \\\n  # two\n  AS x\nCOPY \\\n --from=b \\\n /x /y\n',
      ['debian:12', 'b'],
    ],
    ['a name that is continued', 'FROM deb\\\nian:12\n', ['debian:12 as deb\\\nian:12']],
    ['another escape', '# escape=`\nFROM a\nRUN dir C:\\\nCOPY --from=b `\n /x /y\n', ['a', 'b']],
    ['a syntax', '# syntax=docker/dockerfile:1.4\nFROM a\n', ['docker/dockerfile:1.4', 'a']],
    [
      'a syntax below a shebang, with other directives',
      '#!/usr/bin/env x\n# check=skip=all\n# SYNTAX = docker/dockerfile:1 \nFROM a\n',
      ['docker/dockerfile:1', 'a'],
    ],
    ['a syntax that comes too late', '# a comment\n# syntax=docker/dockerfile:1\nFROM a\n', ['a']],
    ['comments that look like instructions', '# FROM b\nFROM a\n  # COPY --from=c / /\n', ['a']],
    [
      'here-documents',
      "FROM a\nRUN <<EOF\nFROM b\nEOF\nCOPY <<-'X' <<Y /d/\nCOPY --from=c / /\n\tX\nCOPY --from=d / /\nY\nCOPY --from=e / /\n",
      ['a', 'e'],
    ],
    ['a here-document in ONBUILD', 'FROM a\nONBUILD RUN <<EOF\nCOPY --from=c / /\nEOF\n', ['a']],
    [
      'no here-documents in JSON and other instructions',
      'FROM a\nRUN ["x", "<<EOF"]\nENV A=<<EOF\nCOPY --from=c / /\n',
      ['a', 'c'],
    ],
    ['arguments', 'ARG TAG=12\nARG NAME="debian"\nFROM ${NAME}:$TAG\n', ['debian:12 as ${NAME}:$TAG']],
    [
      'arguments with alternatives',
      'ARG A\nARG B=\nFROM ${A:-x}${B:-y}${B-no}${TARGETARCH:+z}${C:-${D:-w}}\n',
      ['xyzw as ${A:-x}${B:-y}${B-no}${TARGETARCH:+z}${C:-${D:-w}}'],
    ],
    [
      'arguments of other arguments, several in a line',
      "ARG A=de B='bi'\nARG C=${A}${B}an\nFROM $C\n",
      ['debian as $C'],
    ],
    ['no arguments of a stage', 'ARG A=one\nFROM a\nARG A=two\nFROM $A\n', ['one as $A']],
    ['quotes', 'FROM "debian:12"\n', ['debian:12 as "debian:12"']],
    [
      "the machine's own platform",
      'FROM --platform=$BUILDPLATFORM a AS x\nFROM --platform=${TARGETOS}/${TARGETARCH} b\nCOPY --from=x / /\n',
      ['a', 'b'],
    ],
    ['ONBUILD, which is for others', 'FROM a\nONBUILD COPY --from=b / /\n', ['a']],
  ];
  for (const [name, text, images] of cases) {
    it(`finds ${name}`, () => assert.deepEqual(imagesOf(text), images));
  }

  const refused: readonly (readonly [name: string, text: string, why: RegExp])[] = [
    ['nothing to begin with', 'RUN x\n', /^\.gitpod\.Dockerfile: it has no FROM$/],
    ['an empty name', 'ARG A\n\nFROM $A\n', /Dockerfile:3: FROM names no image$/],
    ['a pattern', 'ARG A=x\nFROM ${A#y}\n', /:2: "\$\{A#y\}" cannot be resolved$/],
    ['a required argument', 'FROM ${A:?none}\n', /:1: .* cannot be resolved$/],
    [
      'another platform',
      'FROM --platform=linux/arm64 a\n',
      /:1: FROM is for linux\/arm64, and only linux\/amd64 is served$/,
    ],
    [
      'a variable in COPY --from',
      'FROM a\nARG X=b\nCOPY --from=$X / /\n',
      /:3: the image "\$X" cannot be told$/,
    ],
    [
      'another frontend',
      '# syntax=example.org/llb\nFROM a\n',
      /:1: its syntax "example\.org\/llb" is not that of a Dockerfile$/,
    ],
    [
      'a trigger that names an image',
      'FROM a AS x\nONBUILD COPY --from=b / /\nFROM x\n',
      /:2: ONBUILD names the image "b"/,
    ],
  ];
  for (const [name, text, why] of refused) {
    it(`refuses ${name}`, () => assert.match(refusal(text), why));
  }
});

describe('readDockerfile: sources', () => {
  const cases: readonly (readonly [text: string, sources: readonly string[] | 'everything'])[] = [
    ['COPY a b/c* ./', ['a', 'b/c*']],
    ['COPY --chown=1:1 ["a b", "c", "/x/"]', ['a b', 'c']],
    ['COPY --from=0 a b', []],
    ['COPY <<EOF c /d/\nCOPY x y\nEOF', ['c']],
    ['ADD a.tar.gz /', ['a.tar.gz']],
    ['ADD https://example.org/x ./y /d/', ['./y']],
    ['RUN --mount=type=bind,target=/x ls', ['/']],
    ['RUN --mount=target=/x,source=sub/dir ls', ['sub/dir']],
    ['RUN --mount=type=cache,target=/x --mount=type=tmpfs,target=/y ls', []],
    ['ARG X=a\nCOPY $X /', 'everything'],
    ['COPY "a b" /', 'everything'],
    ['RUN --mount=target=/x,source=$Y ls', 'everything'],
    ['RUN --network=none COPY x y', []],
    ['ONBUILD COPY x y', []],
  ];
  for (const [text, sources] of cases) {
    it(`of ${JSON.stringify(text)}`, () => assert.deepEqual(sourcesOf(text), sources));
  }

  it('counts those of stages that are needed, and triggers of stages that are begun with', () => {
    const text = 'FROM a AS x\nCOPY one /\nONBUILD COPY two /\nFROM a\nCOPY three /\nFROM x\nCOPY four /\n';
    assert.deepEqual(readDockerfile(text, USE).sources, ['two', 'four', 'one']);
  });
});

describe('readDockerfile: what no key covers', () => {
  const reasons: readonly (readonly [text: string, why: RegExp | undefined])[] = [
    ['ADD https://example.org/x /', /^ADD https:\/\/example\.org\/x can give/],
    ['ADD git@example.org:a/b.git /', /^ADD git@example/],
    ['ADD https://example.org/a.git#main /', /^ADD https/],
    ['ADD ["https://example.org/x", "/"]', /^ADD https/],
    ['ADD $X /', /^ADD \$X/],
    [`ADD --checksum=sha256:${'0'.repeat(64)} https://example.org/x /`, undefined],
    ['ADD --checksum=$X https://example.org/x /', /^ADD https/],
    ['RUN --mount=type=secret,id=x cat', /^RUN --mount=type=secret/],
    ['RUN --mount=type=ssh git clone', /^RUN --mount=type=ssh/],
    ['RUN --mount=type=cache,target=/x ls', undefined],
    ['COPY a.git /', undefined],
    ['ARG A HTTPS_PROXY=none', /^ARG HTTPS_PROXY is the proxy of this machine/],
    ['ARG no_proxy', /^ARG no_proxy/],
    ['ARG PROXY=$HTTP_PROXY', undefined],
    ['ADD sub/dir /', undefined],
  ];
  for (const [text, why] of reasons) {
    it(`of ${JSON.stringify(text)}`, () => {
      const found = uncachedOf(text);
      if (why === undefined) assert.equal(found, undefined);
      else assert.match(found ?? '', why);
    });
  }
});
