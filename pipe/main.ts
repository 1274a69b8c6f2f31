#!/usr/bin/env node
import { keepHeapLean } from '../src/cli/lean-heap.ts';
import { run } from '../src/cli/run.ts';
import { surviveClosedPipes } from '../src/cli/survive-closed-pipes.ts';
import { optionsFromPipeVariables } from './pipe-variables.ts';
import { pipeExitCode, readPipeRun } from './pipe-run.ts';

keepHeapLean();
// A step has one log: on two streams its last line would not always be the last one.
const { stderr } = process;
surviveClosedPipes([stderr]);

const environment = optionsFromPipeVariables(process.env);
const pipe = readPipeRun(environment);
const exitCode = await run([pipe.command], { environment, stdout: stderr, stderr, asPipe: pipe });
process.exitCode = pipeExitCode(exitCode, pipe);
