#!/usr/bin/env node
import { keepHeapLean } from './lean-heap.ts';
import { run } from './run.ts';
import { surviveClosedPipes } from './survive-closed-pipes.ts';

keepHeapLean();
const { stdout, stderr } = process;
surviveClosedPipes([stdout, stderr]);

// Set, not called: what is still to be written to a pipe gets its time.
process.exitCode = await run(process.argv.slice(2), { environment: process.env, stdout, stderr });
