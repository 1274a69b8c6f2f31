import type { Task } from '../config/workspace-config.ts';

/** Whether a task has something to do in a build: a part of nothing but white space runs nothing. */
export function isWork({ before, init, prebuild }: Task): boolean {
  return [before, init, prebuild].some((part) => part !== undefined && part.trim() !== '');
}
