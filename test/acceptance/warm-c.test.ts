import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { makeClone, type TestClone } from '../support/clone.ts';
import { openWarmWorkspace, type WarmWorkspace } from '../support/warm-workspace.ts';

const BASE = 'buildpack-deps:bookworm';

const HELLO = '#include "greeting.h"\n#include <stdio.h>\nint main(void) { puts(GREETING); return 0; }\n';
const GREETING = '#define GREETING "hello"\n';
/** A Makefile as people write it: dependencies by the compiler. */
const PLAIN = {
  'plain/Makefile': `all: hello
hello: hello.o
\tcc -o $@ $^
%.o: %.c
\tcc -MMD -c -o $@ $<
-include hello.d
`,
  'plain/hello.c': HELLO,
  'plain/greeting.h': GREETING,
};
const autotools = (folder: string): Readonly<Record<string, string>> => ({
  [`${folder}/configure.ac`]: `AC_INIT([hello], [1.0])
AM_INIT_AUTOMAKE([foreign subdir-objects])
AC_PROG_CC
AC_CONFIG_HEADERS([config.h])
AC_CONFIG_FILES([Makefile])
AC_OUTPUT
`,
  [`${folder}/Makefile.am`]: `bin_PROGRAMS = hello
hello_SOURCES = src/hello.c src/greeting.h
`,
  [`${folder}/src/hello.c`]: HELLO,
  [`${folder}/src/greeting.h`]: GREETING,
});
/** Generated files lie in git where users are not asked to have autotools. */
const GENERATED = ['configure', 'Makefile.in', 'aclocal.m4', 'config.h.in'];

const GITPOD_YML = `image: ${BASE}
tasks:
  - name: build
    init: |
      set -e
      make -C plain
      (cd generated && autoreconf --install && ./configure --quiet && make)
      (cd tracked && ./configure --quiet && make)
`;
const GITIGNORE = `plain/hello
*.o
*.d
generated/*
!generated/configure.ac
!generated/Makefile.am
!generated/src
tracked/hello
tracked/Makefile
tracked/config.h
tracked/config.log
tracked/config.status
tracked/stamp-h1
.deps/
.dirstamp
`;

/** What autoreconf makes of a project, by path. */
async function generate(files: Readonly<Record<string, string>>): Promise<Readonly<Record<string, string>>> {
  await using clone = await makeClone(files);
  const script =
    'cd "$(mktemp -d)" && tar --extract && cd tracked && autoreconf --install >&2 && tar --create --dereference --exclude autom4te.cache .';
  const packed = await execa('tar', ['--create', 'tracked'], { cwd: clone.directory, encoding: 'buffer' });
  const made = await execa(
    'docker',
    ['run', '--rm', '--interactive', '--network', 'none', BASE, 'sh', '-c', script],
    {
      input: packed.stdout,
      encoding: 'buffer',
    },
  );
  await execa('tar', ['--extract', '--directory', 'tracked'], { cwd: clone.directory, input: made.stdout });
  const { stdout } = await execa('find', ['tracked', '-type', 'f'], { cwd: clone.directory });
  const paths = stdout.split('\n');
  assert.deepEqual(
    GENERATED.filter((name) => !paths.includes(`tracked/${name}`)),
    [],
  );
  const texts = paths.map(async (path) => {
    const { stdout: text } = await execa('cat', [path], { cwd: clone.directory, stripFinalNewline: false });
    return [path, text] as const;
  });
  return Object.fromEntries(await Promise.all(texts));
}

describe('a warm workspace of a project in C', () => {
  let clone: TestClone;
  let warm: WarmWorkspace;
  const inside = (line: string): Promise<string> => warm.inside(line);

  before(async function setUp() {
    this.timeout(300_000);
    const generated = await generate(autotools('tracked'));
    clone = await makeClone(
      {
        '.gitpod.yml': GITPOD_YML,
        '.gitignore': GITIGNORE,
        ...PLAIN,
        ...autotools('generated'),
        ...generated,
        'one.txt': 'one\n',
        'two.txt': 'two\n',
      },
      `warm-c-${process.pid}`,
    );
    await clone.git('update-index', '--chmod=+x', ...Object.keys(generated).filter(isProgram));
    await clone.git('commit', '--quiet', '--message', 'Let programs run');
    warm = await openWarmWorkspace(clone);
  });
  after(async () => {
    await warm[Symbol.asyncDispose]();
    await clone[Symbol.asyncDispose]();
  });

  it('has a clean git status from the start', async () => {
    assert.equal(await inside('git status --porcelain'), '');
  });

  for (const folder of ['plain', 'generated', 'tracked']) {
    it(`has nothing to make in ${folder}/`, async () => {
      const said = await inside(`make -C ${folder}; ${folder}/hello`);
      if (folder === 'plain') assert.match(said, /Nothing to be done for 'all'/);
      assert.match(said, /^hello$/m);
      assert.doesNotMatch(said, /\b(cc|gcc|aclocal|automake|autoconf|autoheader|config\.status)\b/);
    });
  }

  it('makes again what includes a changed header, and only that', async () => {
    const said = await inside(
      'sed -i s/hello/hi/ plain/greeting.h && make -C plain && plain/hello; git checkout plain',
    );
    assert.match(said, /^cc -MMD -c -o hello\.o hello\.c$/m);
    assert.match(said, /^hi$/m);
  });

  it('shows a change that keeps size and time, once the index was refreshed', async () => {
    for (let tries = 0; tries < 300; tries++) {
      if ((await inside('git config --local core.checkStat || true')) === '') break;
      await sleep(200);
    }
    assert.equal(await inside('git config --local core.checkStat || true'), '');
    assert.equal(await inside('stat --format=%Y%s one.txt'), await inside('stat --format=%Y%s two.txt'));
    await inside('cp --preserve=all two.txt one.txt');
    assert.equal(await inside('git status --porcelain'), ' M one.txt');
  });
});

function isProgram(path: string): boolean {
  return /\/(configure|install-sh|missing|depcomp|compile)$/.test(path);
}
