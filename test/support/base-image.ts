import { execa } from 'execa';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { digestOf } from '../../src/oci/digest.ts';
import { MEDIA_TYPE } from '../../src/oci/media-types.ts';

/** A base image as a test wants it, to be put into a registry byte by byte. */
export interface BaseImage {
  /** Tars, bottom to top. */
  readonly layers: readonly Uint8Array[];
  /** The config's `config`. */
  readonly config?: object;
  /** More members of the config. */
  readonly more?: object;
  readonly platform?: Readonly<Record<string, string>>;
  readonly dialect?: 'oci' | 'docker';
  readonly coding?: 'gzip' | 'zstd' | 'none';
}

export interface Account {
  readonly username: string;
  readonly password: string;
}

/** A descriptor of something that was pushed. */
export interface Pushed {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** A manifest or index as it is sent. */
export interface ManifestContent {
  readonly schemaVersion: 2;
  readonly mediaType: string;
  readonly [member: string]: unknown;
}

/** A repository of a registry on loopback, written to in the distribution-spec's own words. */
export interface RepositoryWriter {
  blob(mediaType: string, bytes: Uint8Array): Promise<Pushed>;
  manifest(content: ManifestContent, tag?: string): Promise<Pushed>;
  image(image: BaseImage, tag?: string): Promise<Pushed>;
}

const PROGRAMS =
  'bash sh cat cp chmod chown env find grep head id ln ls mkdir rm sleep sort stat touch true'.split(' ');

/** Packs the programs, and each library that one of them asks the loader for, links followed. */
const PACK = `
set -e; cd /
programs=$(for name in ${PROGRAMS.join(' ')}; do [ -e "/bin/$name" ] && echo "bin/$name"; done)
libraries=$(for each in $programs; do ldd "/$each"; done | grep --only-matching '/lib[^ ]*' | cut --characters=2- | sort -u)
tar --create --dereference --hard-dereference --numeric-owner $programs $libraries
`;

let programs: Promise<Uint8Array> | undefined;

/** A layer with bash, a few programs and the C library, below `/bin`, `/lib` and `/lib64`, and nothing else. */
export async function programLayer(): Promise<Uint8Array> {
  const words = ['run', '--rm', '--network', 'none', 'debian:bookworm', 'bash', '-c', PACK];
  programs ??= execa('docker', words, { encoding: 'buffer' }).then(({ stdout }) => stdout);
  return programs;
}

/** Writes to `name` of the registry at `host`. */
export function repositoryWriter(host: string, name: string, account?: Account): RepositoryWriter {
  const login = account && Buffer.from(`${account.username}:${account.password}`).toString('base64');
  const authorization: Readonly<Record<string, string>> =
    login === undefined ? {} : { authorization: `Basic ${login}` };
  const call = async (method: string, url: string, type: string, body?: Uint8Array): Promise<Response> => {
    const answer = await fetch(new URL(url, `http://${host}`), {
      method,
      headers: { 'content-type': type, ...authorization },
      ...(body !== undefined && { body: Buffer.from(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`);
    return answer;
  };
  const writer: RepositoryWriter = {
    async blob(mediaType, bytes) {
      const digest = digestOf(bytes);
      const opened = await call('POST', `/v2/${name}/blobs/uploads/`, OCTETS);
      const target = new URL(opened.headers.get('location') ?? '', `http://${host}`);
      target.searchParams.set('digest', digest);
      await call('PUT', target.href, OCTETS, bytes);
      return { mediaType, digest, size: bytes.byteLength };
    },
    async manifest(content, tag) {
      const bytes = Buffer.from(JSON.stringify(content));
      const digest = digestOf(bytes);
      await call('PUT', `/v2/${name}/manifests/${tag ?? digest}`, content.mediaType, bytes);
      return { mediaType: content.mediaType, digest, size: bytes.byteLength };
    },
    async image(image, tag) {
      const types = TYPES[image.dialect ?? 'oci'];
      const layers: Pushed[] = [];
      for (const tar of image.layers) {
        const coding = image.coding ?? 'gzip';
        layers.push(
          await writer.blob(`${types.layer}${SUFFIX[image.dialect ?? 'oci'][coding]}`, CODERS[coding](tar)),
        );
      }
      const config = await writer.blob(types.config, Buffer.from(JSON.stringify(configOf(image))));
      return writer.manifest({ schemaVersion: 2, mediaType: types.manifest, config, layers }, tag);
    },
  };
  return writer;
}

const OCTETS = 'application/octet-stream';

const CODERS = {
  gzip: (tar: Uint8Array): Uint8Array => gzipSync(tar, { level: 1 }),
  zstd: (tar: Uint8Array): Uint8Array => zstdCompressSync(tar),
  none: (tar: Uint8Array): Uint8Array => tar,
};

const TYPES = {
  oci: { manifest: MEDIA_TYPE.manifest, config: MEDIA_TYPE.config, layer: MEDIA_TYPE.layer },
  docker: {
    manifest: MEDIA_TYPE.dockerManifest,
    config: MEDIA_TYPE.dockerConfig,
    layer: 'application/vnd.docker.image.rootfs.diff.tar',
  },
} as const;

const SUFFIX = {
  oci: { gzip: '+gzip', zstd: '+zstd', none: '' },
  docker: { gzip: '.gzip', zstd: '.zstd', none: '' },
} as const;

function configOf({ layers, config = {}, more = {}, platform }: BaseImage): object {
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
  return {
    os: 'linux',
    architecture,
    ...platform,
    config,
    rootfs: { type: 'layers', diff_ids: layers.map((tar) => digestOf(tar)) },
    ...more,
  };
}
