import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { watchPeakMemory } from '../../bench/peak-memory.ts';

const KIB = 64 * 1024;
/** Takes 64 MiB, starts another program, and ends when its input does. */
const PROGRAM = `
const bytes = Buffer.alloc(${KIB} * 1024, 1);
const child = require('node:child_process').spawn('sleep', ['600']);
process.stdin.resume().on('end', () => { child.kill(); process.exit(bytes.length > 0 ? 0 : 1); });
`;

describe('the watch over memory', () => {
  it('sees what a program and the programs that it starts take, also after they ended', async () => {
    const program = spawn(process.execPath, ['-e', PROGRAM], { stdio: ['pipe', 'ignore', 'inherit'] });
    const exited = once(program, 'exit');
    const memory = watchPeakMemory(program.pid ?? 0);
    const { peaks } = memory;
    while ((peaks.get('preheat') ?? 0) < KIB || !peaks.has('sleep')) await sleep(10);
    program.stdin.end();
    assert.deepEqual(await exited, [0, null]);
    await memory[Symbol.asyncDispose]();
    assert.ok((peaks.get('preheat') ?? 0) >= KIB);
    assert.ok((peaks.get('sleep') ?? Infinity) < KIB);
  });
});
