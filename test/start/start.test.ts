import assert from 'node:assert/strict';
import type { Clock } from '../../src/kernel/clock.ts';
import { createLog, type LogEvent } from '../../src/kernel/log.ts';
import { createRedactor } from '../../src/kernel/redact.ts';
import { describeStart } from '../../src/start/describe-start.ts';
import { StartResult } from '../../src/start/start-result.ts';
import { start, type StartPorts, type StartRequest } from '../../src/start/start.ts';
import { stop } from '../../src/start/stop.ts';
import { fakeEngine, type FakeEngine, type FakeEngineOptions } from './fake-engine.ts';
import { labelText, memoryStore, SIGNAL } from './memory-store.ts';

const REQUEST: StartRequest = {
  candidates: [{ tag: 't', why: 'the tip of main' }],
  id: '42',
  repository: 'app',
  network: 'bridge',
  env: {},
  portsBoundMs: 60_000,
};

interface Stage {
  readonly engine: FakeEngine;
  readonly ports: StartPorts;
  readonly said: () => readonly string[];
}

function stage(options: FakeEngineOptions, answering: readonly number[] = [], label: object = {}): Stage {
  const ports = [3000, 5432].map((port) => ({ first: port, last: port, onOpen: 'notify' }));
  const store = memoryStore({ kind: 'registry', registry: 'registry.example', repository: 'team/app' });
  const { config } = store.add('t', { layers: [], label: labelText({ ports, ...label }) });
  const engine = fakeEngine({ present: [config.digest], ...options });
  const events: LogEvent[] = [];
  const clock = tickingClock();
  const log = createLog((event) => events.push(event), { clock, redactor: createRedactor() });
  return {
    engine,
    ports: {
      store,
      blobs: undefined,
      images: engine.images,
      workspaces: engine.workspaces,
      probe: { answers: async (_host, port) => answering.includes(port) },
      clock,
      log,
    },
    said: () =>
      events.flatMap((event) => {
        if (event.type === 'output') return [`${event.source}> ${event.text}`];
        return event.type === 'message' ? [event.text] : [];
      }),
  };
}

/** Each look at it is 100 ms later. */
function tickingClock(): Clock {
  let at = 0;
  return {
    now: () => new Date((at += 100)),
    sleep: async (_milliseconds, signal) => {
      await new Promise(setImmediate);
      signal.throwIfAborted();
    },
  };
}

describe('start', () => {
  it('runs the image, follows it until it is ready, and tells the ways in', async () => {
    const prints = ['[web] listening', 'preheat: ready', '[db] [x] up', 'from nobody'];
    const { ports, said, engine } = stage({ prints }, [3001, 5433]);
    const result = StartResult.parse(await start(REQUEST, ports, SIGNAL));
    assert.equal(result.name, 'preheat-app-1a2b3c4');
    assert.equal(result.why, 'the tip of main');
    const plain = { onOpen: 'notify', visibility: 'private' };
    assert.match(result.image, /^registry\.example\/team\/app@sha256:/);
    assert.deepEqual(result.ports, [
      { containerPort: 3000, hostPort: 3001, url: 'http://127.0.0.1:3001', answers: true, ...plain },
      { containerPort: 5432, hostPort: 5433, url: 'http://127.0.0.1:5433', answers: true, ...plain },
    ]);
    assert.deepEqual(result.unpublished, []);
    assert.ok(Object.values(result.timings).every((time) => time >= 100));
    for (const line of [
      'web> listening',
      'db> [x] up',
      'workspace> from nobody',
      'workspace preheat-app-1a2b3c4 is ready',
    ]) {
      assert.ok(said().includes(line), line);
    }
    assert.deepEqual([...engine.running.keys()], ['container-0'], 'the workspace stays');
  });

  it('leads an editor to the code workspace where there is one', async () => {
    const codeWorkspace = '/workspace/app/all.code-workspace';
    const { ports } = stage({}, [3001, 5433], { codeWorkspace });
    const { editor } = await start(REQUEST, ports, SIGNAL);
    assert.ok(editor.endsWith(codeWorkspace), editor);
  });

  it('does not fail for a port that stays silent', async () => {
    const { ports, said } = stage({}, [3001]);
    const result = await start({ ...REQUEST, portsBoundMs: 50 }, ports, SIGNAL);
    assert.deepEqual(
      result.ports.map(({ answers }) => answers),
      [true, false],
    );
    assert.ok(said().some((line) => line.startsWith('port 5432 does not answer yet;')));
  });

  it('takes the next name where a container that is not listed has the first', async () => {
    const { ports, engine } = stage({ takenNames: ['preheat-app-1a2b3c4'] }, [3001, 5433]);
    assert.equal((await start(REQUEST, ports, SIGNAL)).name, 'preheat-app-1a2b3c4-2');
    assert.equal((await start(REQUEST, ports, SIGNAL)).name, 'preheat-app-1a2b3c4-3');
    assert.equal(engine.running.size, 2);
  });

  it('takes a name that is wanted, or none', async () => {
    const { ports } = stage({ takenNames: ['mine'] }, [3001, 5433]);
    assert.equal((await start({ ...REQUEST, name: 'yours' }, ports, SIGNAL)).name, 'yours');
    await assert.rejects(start({ ...REQUEST, name: 'mine' }, ports, SIGNAL), /mine: the name is taken/);
  });

  it('removes a workspace that ends before it is ready, and says what it printed', async () => {
    const { ports, engine } = stage({ prints: ['one', 'two', 'exec: no such file'], ends: true });
    await assert.rejects(start(REQUEST, ports, SIGNAL), {
      phase: 'start',
      message:
        'cannot start the workspace: it ended before it was ready; it printed: one / two / exec: no such file',
    });
    assert.equal(engine.running.size, 0);
  });

  it('says why a start failed, even where the workspace cannot be removed', async () => {
    const { ports, said } = stage({ prints: ['no such file'], ends: true });
    const stuck = { ...ports.workspaces, stop: () => Promise.reject(new Error('busy')) };
    await assert.rejects(start(REQUEST, { ...ports, workspaces: stuck }, SIGNAL), {
      message: 'cannot start the workspace: it ended before it was ready; it printed: no such file',
    });
    assert.equal(said().at(-1), 'workspace preheat-app-1a2b3c4 stays behind: busy');
  });

  it('removes a workspace whose start is interrupted', async () => {
    const { ports, engine } = stage({ prints: [] });
    const controller = new AbortController();
    const starting = start(REQUEST, ports, { signal: controller.signal });
    while (engine.running.size === 0) await new Promise(setImmediate);
    controller.abort(new Error('interrupted'));
    await assert.rejects(starting, /interrupted/);
    assert.equal(engine.running.size, 0);
  });

  it('keeps a workspace that is ready when the wait for its ports is interrupted', async () => {
    const { ports, engine, said } = stage({});
    const controller = new AbortController();
    const starting = start(REQUEST, ports, { signal: controller.signal });
    while (!said().some((line) => line.endsWith('is ready'))) await new Promise(setImmediate);
    controller.abort(new Error('interrupted'));
    await assert.rejects(starting, /interrupted/);
    assert.equal(engine.running.size, 1);
  });
});

describe('describeStart', () => {
  it('asks the engine nothing', async () => {
    const { ports, engine } = stage({});
    const { command, why } = await describeStart(REQUEST, ports.store, SIGNAL);
    assert.match(command, /^docker run --detach .* registry\.example\/team\/app@sha256:[0-9a-f]{64}$/);
    assert.equal(why, 'the tip of main');
    assert.deepEqual(engine.calls, []);
  });

  it('names an image of a layout as a start will name it on the engine', async () => {
    const store = memoryStore({ kind: 'layout', directory: '/nowhere' });
    store.add('t', { layers: [], label: labelText() });
    assert.match((await describeStart(REQUEST, store, SIGNAL)).command, / preheat:[0-9a-f]{12}$/);
  });
});

describe('stop', () => {
  it('ends the workspaces of one repository, or one of them by name', async () => {
    const { ports, engine } = stage({}, [3001, 5433]);
    for (const repository of ['app', 'app', 'other']) await start({ ...REQUEST, repository }, ports, SIGNAL);
    assert.deepEqual(await stop({ repository: 'app', name: 'preheat-app-1a2b3c4-2' }, ports, SIGNAL), [
      'preheat-app-1a2b3c4-2',
    ]);
    assert.deepEqual(await stop({ repository: 'app' }, ports, SIGNAL), ['preheat-app-1a2b3c4']);
    assert.deepEqual(await stop({ repository: 'app' }, ports, SIGNAL), []);
    assert.equal(engine.running.size, 1);
  });

  it('refuses a name that no workspace of the repository has', async () => {
    const { ports } = stage({}, [3001, 5433]);
    await start(REQUEST, ports, SIGNAL);
    await assert.rejects(stop({ repository: 'app', name: 'x' }, ports, SIGNAL), {
      code: 'not-found',
      hint: 'Choose one of preheat-app-1a2b3c4.',
    });
  });
});
