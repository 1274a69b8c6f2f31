import { LayerRole } from './layer.ts';

/** Engines of the overlay2 kind fail above 125 layers; what a developer builds on top needs room as well. */
export const MOST_LAYERS = 100;

/** The most that a base image may have, so that every layer of ours finds room above it. */
export const MOST_BASE_LAYERS = MOST_LAYERS - LayerRole.options.filter((role) => role !== 'base').length;
