import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { elfInterpreterOf } from '../../../src/adapters/toolbox/elf-interpreter.ts';

describe('elfInterpreterOf', () => {
  it('finds the loader of a program of this machine', async () => {
    assert.match(elfInterpreterOf(await readFile('/bin/cat')) ?? '', /^\/lib.*\/ld-linux/);
  });

  it('finds none in scripts, in nothing and in what is cut off', async () => {
    const program = await readFile('/bin/cat');
    assert.equal(elfInterpreterOf(Buffer.from('#!/bin/sh\n'.padEnd(100))), undefined);
    assert.equal(elfInterpreterOf(Buffer.alloc(0)), undefined);
    assert.equal(elfInterpreterOf(program.subarray(0, 80)), undefined);
  });

  it('finds none in a 32-bit program', async () => {
    const program = Buffer.from(await readFile('/bin/cat'));
    program[4] = 1;
    assert.equal(elfInterpreterOf(program), undefined);
  });
});
