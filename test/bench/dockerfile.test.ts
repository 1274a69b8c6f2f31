import assert from 'node:assert/strict';
import { dockerfile, type Recipe } from '../../bench/dockerfile.ts';

const RECIPE: Recipe = {
  base: 'FROM base\nRUN tools\n',
  folder: '/workspace/app',
  init: 'install && build',
  parts: [
    { copies: ['lock ./'], run: 'install' },
    { copies: ['src src', 'Makefile ./'], run: 'build' },
  ],
};

/** Its instructions without what each script begins with. */
function instructions(text: string): readonly string[] {
  return text
    .split('\n')
    .filter((line) => !/^(#!|if \[ -s \/run\/secrets\/ca |COMMANDS$|$)/.test(line))
    .map((line) => line.replace(/^RUN --mount.*$/, 'RUN:'));
}

describe('Dockerfiles of peers', () => {
  it('copy everything first where nobody thought of caches', () => {
    assert.deepEqual(instructions(dockerfile(RECIPE, 'naive')), [
      'FROM base',
      'RUN tools',
      'WORKDIR /workspace/app',
      'COPY . .',
      'RUN:',
      'install && build',
    ]);
  });

  it('copy what each part reads before it, and the rest last, where they are tuned', () => {
    assert.deepEqual(instructions(dockerfile(RECIPE, 'tuned')), [
      'FROM base',
      'RUN tools',
      'WORKDIR /workspace/app',
      'COPY lock ./',
      'RUN:',
      'install',
      'COPY src src',
      'COPY Makefile ./',
      'RUN:',
      'build',
      'COPY . .',
    ]);
  });

  it('copy everything once', () => {
    const parts = [{ copies: ['. .'], run: 'build' }];
    const text = dockerfile({ ...RECIPE, parts }, 'tuned');
    assert.equal(text.match(/COPY \. \./g)?.length, 1);
  });
});
