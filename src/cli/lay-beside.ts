import { makeSourceLayer, type SourceLayer } from '../build/source-layer.ts';
import { bytesText } from '../kernel/amounts.ts';
import type { Owner } from '../observe/step-record.ts';
import type { Staging } from '../oci/staging.ts';
import type { PinnedRepository } from './pinned-repository.ts';
import type { PlannedPush } from './plan-push.ts';
import type { Ports } from './ports.ts';
import type { Session } from './session.ts';

interface Workshop {
  readonly staging: Staging;
  readonly ports: Ports;
  readonly session: Session;
}

/** Gitpod fetched one commit too; more can be had in the workspace (`git fetch --unshallow`). */
const HISTORY_DEPTH = 1;

/**
 * Lays the repositories beside the pushed one, each as a layer of its own whose bytes follow from address, commit,
 * branch, folder and owner alone: one that did not change is the layer that the registry has already.
 */
export async function layBeside(
  { repositories = [], config: { gitConfig } }: PlannedPush,
  owner: Owner,
  workshop: Workshop,
): Promise<readonly SourceLayer[]> {
  const layers: SourceLayer[] = [];
  for (const repository of repositories) {
    layers.push(
      await workshop.session.log.step('repository', async (step) => {
        step.progress(`fetching ${repository.facts.url}`);
        const source = await layRepository(repository, owner, gitConfig, workshop);
        step.conclude(
          `${repository.facts.location}: ${source.carried.size} paths, ${bytesText(source.layer.size)}`,
        );
        return source;
      }),
    );
  }
  return layers;
}

async function layRepository(
  { facts, address, isPushed }: PinnedRepository,
  owner: Owner,
  gitConfig: Readonly<Record<string, string>> | undefined,
  { staging, ports, session: { signal } }: Workshop,
): Promise<SourceLayer> {
  const { url: remoteUrl, commit, ref, location } = facts;
  const checkout = { commit, ref, remoteUrl, historyDepth: HISTORY_DEPTH, ...(gitConfig && { gitConfig }) };
  const request = { checkout, location, owner, files: [] };
  if (isPushed) return await makeSourceLayer(request, { sourceTree: ports.sourceTree, staging }, { signal });
  await using fetched = await ports.others.fetch(address, commit, 'build', { signal });
  const sourceTree = ports.others.treeIn(fetched.directory, address);
  return await makeSourceLayer(request, { sourceTree, staging }, { signal });
}
