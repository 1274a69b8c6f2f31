import type { StartedPort, StartResult, UnpublishedPorts } from '../start/start-result.ts';

/** A line for each port of a workspace, then one for each entry whose ports are not published. */
export function portLines({
  ports,
  unpublished,
}: Pick<StartResult, 'ports' | 'unpublished'>): readonly string[] {
  return [
    ...ports.map(
      (port) =>
        `port ${port.containerPort}  ${port.url}${port.answers ? '' : ' (no answer yet)'}${aboutText(port)}`,
    ),
    ...unpublished.map(({ first, last, ...about }) => {
      const numbers = first === last ? `port ${first}` : `ports ${first}-${last}`;
      return `${numbers}  not published${aboutText(about)}`;
    }),
  ];
}

type About = Pick<UnpublishedPorts, 'name' | 'description'> & Pick<StartedPort, 'onOpen' | 'visibility'>;

/** What a person wrote first; what is as usual is not told. */
function aboutText({ name, description, onOpen, visibility }: About): string {
  const told = [
    name,
    description,
    onOpen === 'notify' ? undefined : onOpen,
    visibility === 'private' ? undefined : visibility,
  ].filter((word) => word !== undefined);
  return told.length === 0 ? '' : `  ${told.join(', ')}`;
}
