import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listedPaths } from '../../src/build/carried-paths.ts';
import { connectDocker } from '../../src/adapters/engine/connect-docker.ts';
import { openStaging } from '../../src/adapters/layout/staging-layout.ts';
import { createHostToolbox } from '../../src/adapters/toolbox/host-toolbox.ts';
import { adviseMemory } from '../../src/build/advise-memory.ts';
import type { Container, Engine } from '../../src/build/engine.ts';
import type { MemoryAdvisor } from '../../src/build/memory-advisor.ts';
import { runStep, type FinishedStep } from '../../src/build/run-step.ts';
import type { StepRequest } from '../../src/build/step-request.ts';
import { readRuntimeFiles } from '../../src/cli/runtime-files.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import type { Owner } from '../../src/observe/step-record.ts';
import type { Staging } from '../../src/oci/staging.ts';
import type { TarEntry } from '../../src/oci/tar-entry.ts';
import { tarOf } from '../../src/oci/tar-writer.ts';
import type { WorkspaceImages } from '../../src/start/workspace-engine.ts';
import type { Task, WorkspaceConfig } from '../../src/config/workspace-config.ts';
import { silentLog, type SilentLog } from '../support/silent-log.ts';

export const BASE = 'debian:bookworm';
export const CHECKOUT = '/workspace/app';

/** A real engine, toolbox and staging layout for the runs of one test. */
export interface StepBench extends AsyncDisposable {
  readonly engine: Engine;
  readonly staging: Staging;
  readonly toolbox: ReturnType<typeof createHostToolbox>;
  readonly images: WorkspaceImages;
  readonly said: SilentLog;
  /** Containers that the runs created, and those of them that were disposed of. */
  readonly created: readonly string[];
  readonly disposed: readonly string[];
  run(tasks: readonly Partial<Task>[], more?: StepTweaks): Promise<FinishedStep>;
}

export interface StepTweaks extends Partial<Omit<StepRequest, 'config'>> {
  readonly config?: Partial<WorkspaceConfig>;
  readonly signal?: AbortSignal;
  /** Runs before the base is there, as a pull that says how far it has come. */
  readonly onPull?: (say: (detail: string) => void) => Promise<void>;
  /** Runs when the container exists and is not started. */
  readonly onCreated?: (container: Container) => Promise<void>;
  /** Runs just before the container is removed. */
  readonly onDispose?: (container: Container) => Promise<void>;
  /** Stands before a container that exists. */
  readonly wrap?: (container: Container) => Container;
  /** What the source layer holds beside the checkout's folders; also for an owner that the tasks chose. */
  readonly sources?: readonly TarEntry[] | ((owner: Owner) => readonly TarEntry[]);
}

const memoryAdvisor: MemoryAdvisor = {
  advise: async (what, limit) => adviseMemory(what, limit, undefined),
};

/** Opens one; its runs together may take so long, in milliseconds. */
export async function openBench(atMost = 120_000): Promise<StepBench> {
  const stack = new AsyncDisposableStack();
  const directory = stack.use(await mkdtempDisposable(join(tmpdir(), 'preheat-step-')));
  const said = silentLog();
  const { engine, localImages, workspaceImages } = connectDocker({
    credentials: { credentialsFor: async () => undefined },
    warn: (text) => said.log.warn(text),
  });
  const signal = AbortSignal.timeout(atMost);
  const staging = await openStaging(directory.path, { signal });
  const toolbox = createHostToolbox();
  const created: string[] = [];
  const disposed: string[] = [];
  return {
    engine,
    staging,
    toolbox,
    images: workspaceImages,
    said,
    created,
    disposed,
    async run(tasks, { config, signal: own, sources = [], ...tweaks } = {}) {
      const { onPull, onCreated, onDispose, wrap, ...more } = tweaks;
      const base = await localImages.find(BASE, { signal });
      if (!base) throw new Error(`${BASE} is missing: run npm run setup`);
      const request: StepRequest = {
        step: 'tasks',
        run: {
          id: crypto.randomUUID(),
          owner: { host: 'test', boot: 'b', pidNamespace: 1, pid: process.pid },
          deadline: deadline(),
        },
        config: configOf(tasks, config),
        base: { reference: BASE, digest: base.id, source: 'engine' },
        configuredUser: '',
        platform: base.platform,
        network: 'none',
        access: {},
        runtimeFiles: await readRuntimeFiles(),
        makeSource: (owner) =>
          sourceOf(typeof sources === 'function' ? sources(owner) : sources, staging, signal),
        ...more,
      };
      const watched = watch(engine, { created, disposed, onPull, onCreated, onDispose, wrap });
      const ports = {
        engine: watched,
        toolbox,
        memoryAdvisor,
        staging,
        log: said.log,
        redactor: said.redactor,
        clock: systemClock,
      };
      return await runStep(request, ports, { signal: own ? AbortSignal.any([own, signal]) : signal });
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

function deadline(): number {
  return Math.floor(Date.now() / 1000) + 600;
}

function configOf(tasks: readonly Partial<Task>[], config: Partial<WorkspaceConfig> = {}): WorkspaceConfig {
  return {
    schemaVersion: 1,
    base: { kind: 'reference', reference: BASE },
    checkoutLocation: CHECKOUT,
    workspaceLocation: CHECKOUT,
    env: {},
    tasks: tasks.map((task, index) => ({ name: `Task ${index + 1}`, env: {}, ...task })),
    ports: [],
    extensions: [],
    ...config,
  };
}

async function sourceOf(files: readonly TarEntry[], staging: Staging, signal: AbortSignal) {
  const own = new Set(files.map(({ path }) => path));
  const folders = ['workspace', CHECKOUT.slice(1)]
    .filter((path) => !own.has(path))
    .map((path) => sourceEntry(path, { kind: 'directory', mode: 0o755 }));
  const entries = [...folders, ...files];
  const layer = await staging.addLayer('source', tarOf(entries), { signal });
  const kinds = entries.map(({ path, kind }) => [path, kind === 'directory' ? kind : 'leaf'] as const);
  return { layer, carried: listedPaths(new Map(kinds)) };
}

/** An entry of the source layer; `text` is a file's content. */
export function sourceEntry(
  path: string,
  { text = '', ...more }: Partial<TarEntry> & { readonly text?: string },
): TarEntry {
  const content = Buffer.from(text);
  return {
    path,
    kind: 'file',
    mode: 0o644,
    uid: 0,
    gid: 0,
    mtime: 631_152_000,
    size: content.byteLength,
    open: async function* open() {
      yield content;
    },
    ...more,
  };
}

interface Watch {
  readonly created: string[];
  readonly disposed: string[];
  readonly onPull: StepTweaks['onPull'];
  readonly onCreated: StepTweaks['onCreated'];
  readonly onDispose: StepTweaks['onDispose'];
  readonly wrap: StepTweaks['wrap'];
}

function watch(engine: Engine, { created, disposed, onPull, onCreated, onDispose, wrap }: Watch): Engine {
  return {
    ...engine,
    async provideImage(image, options) {
      await onPull?.(options.onProgress);
      return await engine.provideImage(image, options);
    },
    async createContainer(spec, options) {
      const container = await engine.createContainer(spec, options);
      created.push(container.id);
      await onCreated?.(container);
      return {
        ...(wrap?.(container) ?? container),
        async [Symbol.asyncDispose]() {
          try {
            await onDispose?.(container);
          } finally {
            await container[Symbol.asyncDispose]();
            disposed.push(container.id);
          }
        },
      };
    },
  };
}
