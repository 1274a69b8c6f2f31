import * as z from 'zod';
import { aboutKey, type Tell } from '../finding.ts';
import type { DevcontainerFile } from './devcontainer-file.ts';

/** What an image's label may hold beside what an image is itself (https://containers.dev/implementors/spec/#merge-logic). */
const MEMBERS = [
  'init',
  'privileged',
  'capAdd',
  'securityOpt',
  'mounts',
  'containerEnv',
  'remoteEnv',
  'forwardPorts',
  'portsAttributes',
  'otherPortsAttributes',
  'userEnvProbe',
  'postAttachCommand',
  'shutdownAction',
  'hostRequirements',
] as const;

/** containerd refuses labels of more than 4096 bytes; the rest is for what stands there already. */
const MOST_BYTES = 3000;

type Members = Readonly<Record<string, z.core.util.JSONType>>;

/**
 * What Dev Containers clients are told in the image's label, as it is written: they put the variables in it, each on its
 * machine. Settings of editors that make it too long for a label are left out, and told.
 */
export function clientMembers(file: DevcontainerFile, tell: Tell): Members {
  const members = jsonOf(Object.fromEntries(MEMBERS.map((name) => [name, file[name]])));
  const customizations = customizationsOf(file);
  const whole = { ...members, ...jsonOf({ customizations }) };
  if (Buffer.byteLength(JSON.stringify(whole)) <= MOST_BYTES) return whole;
  const message = `the image's label has no room for "customizations": of it, extensions alone are kept there`;
  tell(aboutKey('warning', [file.customizations === undefined ? 'settings' : 'customizations'], message));
  const extensions = extensionsOf(file);
  return { ...members, ...(extensions.length > 0 && { customizations: { vscode: { extensions } } }) };
}

/** The extensions that the file names, in the old place and in the new one. */
export function extensionsOf({ customizations, extensions = [] }: DevcontainerFile): string[] {
  return [...new Set([...extensions, ...(customizations?.vscode?.extensions ?? [])])];
}

function customizationsOf(file: DevcontainerFile): unknown {
  const { customizations, settings } = file;
  const extensions = extensionsOf(file);
  const old = { ...(extensions.length > 0 && { extensions }), ...(settings !== undefined && { settings }) };
  const vscode = { ...old, ...customizations?.vscode, ...(extensions.length > 0 && { extensions }) };
  if (Object.keys(vscode).length === 0) return customizations;
  return { ...customizations, vscode };
}

/** As JSON has it: absent members gone. */
function jsonOf(value: object): Record<string, z.core.util.JSONType> {
  return z.record(z.string(), z.json()).parse(JSON.parse(JSON.stringify(value)));
}
