import type { CallOptions } from '../oci/content-store.ts';
import type { Container } from './engine.ts';
import { taskUserOf, type TaskUser } from './image-user.ts';
import type { StepPorts, StepRequest } from './step-request.ts';
import { runLabels } from './sweep.ts';

export type TaskContainerOptions = CallOptions & {
  /** Called as soon as the engine has begun to pull the base, or has it: what goes on beside that delays nothing. */
  readonly onBase: () => void;
};

/**
 * Makes the container of a step, with the toolbox in it but not started. It is the caller's to dispose of; a failure
 * leaves none behind.
 */
export async function createTaskContainer(
  request: StepRequest,
  { engine, toolbox, log }: StepPorts,
  { onBase, ...options }: TaskContainerOptions,
): Promise<Container> {
  const tools = await toolbox.pack(request.platform, options);
  let isPulling = false;
  const image = await log.step('base image', (step) => {
    const onProgress = (detail: string): void => {
      step.progress(detail);
      if (!isPulling) onBase();
      isPulling = true;
    };
    return engine.provideImage(request.base, { ...options, onProgress });
  });
  if (!isPulling) onBase();
  await using stack = new AsyncDisposableStack();
  const container = stack.use(
    await engine.createContainer(
      {
        image,
        entrypoint: toolbox.command('wait'),
        labels: runLabels(request.run),
        network: request.network,
        ...(request.extraHosts && { extraHosts: request.extraHosts }),
        ...(request.memoryLimit !== undefined && { memoryLimit: request.memoryLimit }),
      },
      options,
    ),
  );
  await container.put(tools, options);
  stack.move();
  return container;
}

/** Finds whom tasks run as, in a container that need not be started. */
export async function findTaskUser(
  container: Container,
  { configuredUser, config }: Pick<StepRequest, 'configuredUser' | 'config'>,
  options: CallOptions,
): Promise<TaskUser> {
  const passwd = await container.readFile('/etc/passwd', options);
  const group = await container.readFile('/etc/group', options);
  return taskUserOf(
    { ...(passwd && { passwd: textOf(passwd) }), ...(group && { group: textOf(group) }) },
    configuredUser,
    config.user === undefined ? 'gitpod' : 'configured',
  );
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}
