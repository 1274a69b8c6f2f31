import type { DiffId } from '../../src/oci/digest.ts';
import { PreheatError } from '../../src/kernel/failure.ts';
import type {
  RunningWorkspace,
  WorkspaceImages,
  WorkspaceSpec,
  Workspaces,
} from '../../src/start/workspace-engine.ts';

/** An engine in memory: images by ID or name, workspaces that print what they are told to. */
export interface FakeEngine {
  readonly images: WorkspaceImages;
  readonly workspaces: Workspaces;
  readonly calls: string[];
  readonly loaded: Uint8Array[];
  readonly ran: WorkspaceSpec[];
  readonly running: Map<string, RunningWorkspace>;
}

export interface FakeEngineOptions {
  readonly present?: readonly string[];
  readonly presentLayers?: readonly DiffId[];
  /** What the engine has after a load or pull. */
  readonly arrives?: string;
  readonly prints?: readonly string[];
  /** Whether the main program ends after it printed. */
  readonly ends?: boolean;
  readonly takenNames?: readonly string[];
  readonly refusesPartial?: boolean;
}

export function fakeEngine(options: FakeEngineOptions = {}): FakeEngine {
  const calls: string[] = [];
  const loaded: Uint8Array[] = [];
  const ran: WorkspaceSpec[] = [];
  const running = new Map<string, RunningWorkspace>();
  const has = new Set<string>(options.present);
  const arrive = (): void => {
    if (options.arrives !== undefined) has.add(options.arrives);
  };
  const images: WorkspaceImages = {
    async pull(image, { onProgress }) {
      calls.push(`pull ${image}`);
      onProgress('1 MB of 2 MB');
      arrive();
      return `id of ${image}`;
    },
    async find(image) {
      calls.push('find');
      return has.has(image) ? `image ${image}` : undefined;
    },
    async countPresentLayers(diffIds) {
      calls.push('count');
      const present = new Set(options.presentLayers);
      const missing = diffIds.findIndex((diffId) => !present.has(diffId));
      return missing < 0 ? diffIds.length : missing;
    },
    async load(archive) {
      calls.push('load');
      const bytes = Buffer.concat(await Array.fromAsync(archive));
      if (options.refusesPartial === true && loaded.push(bytes) === 1)
        throw failure('cannot load: blob not found');
      if (options.refusesPartial !== true) loaded.push(bytes);
      arrive();
    },
  };
  const workspaces: Workspaces = {
    async run(spec) {
      ran.push(spec);
      if (options.takenNames?.includes(spec.name) === true) {
        throw failure(`cannot start workspace ${spec.name}: the name is taken by another container`);
      }
      const id = `container-${running.size}`;
      const ports = spec.ports.map((port) => ({
        containerPort: port,
        hostAddress: '127.0.0.1',
        hostPort: port + 1,
      }));
      const workspace = { id, name: spec.name, labels: spec.labels, ports };
      running.set(id, workspace);
      return workspace;
    },
    async *output(_id, { signal }) {
      for (const line of options.prints ?? ['preheat: ready']) yield Buffer.from(`${line}\n`);
      if (options.ends === true) return;
      signal.throwIfAborted();
      await new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      });
    },
    async list(label) {
      const [name = '', value] = label.split('=');
      return [...running.values()].filter(({ labels }) => labels[name] === value);
    },
    async stop(id) {
      calls.push(`stop ${id}`);
      running.delete(id);
    },
  };
  return { images, workspaces, calls, loaded, ran, running };
}

function failure(message: string): PreheatError {
  return new PreheatError(message, { phase: 'start', code: 'engine' });
}
