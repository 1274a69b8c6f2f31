import type { Exchange } from './counting-proxy.ts';

/** What passed between a push and its registry. */
export interface Traffic {
  readonly requests: number;
  /** Bytes of bodies, to the registry and from it. */
  readonly up: number;
  readonly down: number;
  /** Layers of which something was downloaded. */
  readonly layersRead: number;
  /** Bytes of the base image's layers among those that were downloaded. */
  readonly baseDown: number;
}

/** Adds exchanges up; `baseLayers` are the digests of the base image's layers. */
export function sumTraffic(exchanges: readonly Exchange[], baseLayers: ReadonlySet<string>): Traffic {
  const layers = exchanges.filter(isLayerRead);
  const ofBase = layers.filter(({ url }) => baseLayers.has(digestIn(url)));
  return {
    requests: exchanges.length,
    up: sum(exchanges.map(({ up }) => up)),
    down: sum(exchanges.map(({ down }) => down)),
    layersRead: new Set(layers.map(({ url }) => digestIn(url))).size,
    baseDown: sum(ofBase.map(({ down }) => down)),
  };
}

/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-blobs */
function isLayerRead({ method, url, json, down }: Exchange): boolean {
  return method === 'GET' && url.includes('/blobs/sha256:') && down > 0 && !json;
}

function digestIn(url: string): string {
  return /sha256:[0-9a-f]{64}/.exec(url)?.[0] ?? '';
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
