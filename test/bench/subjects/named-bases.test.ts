import assert from 'node:assert/strict';
import { basesOf, renamedBases } from '../../../bench/subjects/named-bases.ts';

const DOCKERFILE = `# FROM nothing
ARG A=1
FROM --platform=linux/amd64 golang:1.23 AS build
RUN make
from scratch as empty
FROM debian:bookworm
COPY --from=build /x /x
FROM build
`;
const FILE = { kind: 'dockerfile', file: 'Dockerfile', context: '.' } as const;

describe('bases of a repository', () => {
  it('are the image that it names', () => {
    assert.deepEqual(basesOf({ kind: 'reference', reference: 'node:24' }, undefined), ['node:24']);
  });

  it('are the images of its Dockerfile, stages apart', () => {
    assert.deepEqual(basesOf(FILE, DOCKERFILE), ['golang:1.23', 'debian:bookworm']);
  });

  it('cannot be variables', () => {
    assert.throws(() => basesOf(FILE, 'ARG TAG\nFROM node:$TAG\n'), /named by a variable: node:\$TAG/);
  });

  it('are renamed where they are named, and nowhere else', () => {
    const renamed = renamedBases(DOCKERFILE, 'FROM', basesOf(FILE, DOCKERFILE), (base) => `here/${base}`);
    assert.deepEqual(
      renamed.split('\n').filter((line) => line.includes('here/')),
      ['FROM --platform=linux/amd64 here/golang:1.23 AS build', 'FROM here/debian:bookworm'],
    );
    const yaml = 'image: "node:24"\ntasks:\n  - init: docker pull node:24\n';
    assert.equal(
      renamedBases(yaml, 'image:', ['node:24'], () => 'here'),
      'image: "here"\ntasks:\n  - init: docker pull node:24\n',
    );
  });
});
