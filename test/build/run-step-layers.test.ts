import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { gunzipSync } from 'node:zlib';
import { listedPaths } from '../../src/build/carried-paths.ts';
import type { Container } from '../../src/build/engine.ts';
import type { FinishedStep } from '../../src/build/run-step.ts';
import type { SourceLayer } from '../../src/build/source-layer.ts';
import type { Layer } from '../../src/oci/layer.ts';
import type { Staging } from '../../src/oci/staging.ts';
import { tarOf } from '../../src/oci/tar-writer.ts';
import { dumpFiles, stackImage, startStacked } from './stacked-image.ts';
import { CHECKOUT, openBench, sourceEntry, type StepBench } from './step-run.ts';

const options = { signal: AbortSignal.timeout(300_000) };
const OWNER = { uid: 1000, gid: 1000 };
const APP = CHECKOUT.slice(1);

const SOURCES = [
  sourceEntry(`${APP}/src`, { kind: 'directory', mode: 0o750, ...OWNER }),
  sourceEntry(`${APP}/src/kept.ts`, { text: 'kept', ...OWNER }),
  sourceEntry(`${APP}/src/changed.ts`, { text: 'old', ...OWNER }),
  sourceEntry(`${APP}/src/deleted.ts`, { text: 'gone', ...OWNER }),
  sourceEntry(`${APP}/src/turned.ts`, { text: 'file', ...OWNER }),
  sourceEntry(`${APP}/lib`, { kind: 'directory', mode: 0o755, ...OWNER }),
  sourceEntry(`${APP}/lib/deep`, { kind: 'directory', mode: 0o755, ...OWNER }),
  sourceEntry(`${APP}/lib/deep/a`, { text: 'a', ...OWNER }),
];

/** One task that does everything a file system can be put through. */
const EVERYTHING = String.raw`
echo new >> src/changed.ts && rm src/deleted.ts src/turned.ts && mkdir src/turned.ts && echo x > src/turned.ts/x
rm -rf lib && ln -s src lib
mkdir -p dist/sub && seq 1 20000 > dist/sub/numbers && ln dist/sub/numbers dist/linked && ln -s ../dist dist/sub/up
chown 4000000000:300000 dist/linked && chmod 6751 dist/linked
touch -d '1960-01-01 00:00:00.123456789' dist/past && touch -d '2100-01-01' dist/future
echo n > dist/$'not utf-8 \xff\xfe' && echo w > dist/$'line\nfeed' && echo b > 'dist/back\slash' && echo m > dist/-minus && echo s > 'dist/ space'
mkfifo dist/fifo && mknod dist/node c 1 3
name=$(printf 'long%.0s' {1..60}) && mkdir dist/$name && echo l > dist/$name/$name
rm /etc/issue /etc/debian_version && rm -rf /usr/share/doc && rm -rf /usr/share/bug && echo now a file > /usr/share/bug
rm -rf /usr/share/menu && mkdir -p /usr/share/menu && echo other > /usr/share/menu/other
chmod 700 /opt && chown 5:6 /srv && echo more >> /etc/bash.bashrc
chmod 600 /custom/moved && mv /custom/moved /custom/here
echo tail >> /custom/inner/file
`;

async function runEverything(
  bench: StepBench,
): Promise<{ readonly step: FinishedStep; readonly final: readonly string[] }> {
  let final: readonly string[] = [];
  const step = await bench.run([{ init: EVERYTHING }], {
    sources: SOURCES,
    onCreated: customise,
    onDispose: async (container) => {
      final = await dumpFiles(container, options);
    },
  });
  assert.deepEqual(bench.said.lines, []);
  return { step, final };
}

/** Files with attributes that no program of the base can set: made by GNU tar on this machine. */
async function customise(container: Container): Promise<void> {
  await container.put(customFiles(), options);
}

async function* customFiles(): AsyncGenerator<Uint8Array> {
  const script = String.raw`
set -e; cd "$(mktemp -d)"; trap 'rm -rf "$PWD"' EXIT
mkdir -p custom/inner; echo moved > custom/moved; echo file > custom/inner/file
tar --create --format=posix --owner=7 --group=8 --mode=u=rwx,g=rx,o= \
  --pax-option='SCHILY.xattr.user.note:=kept' custom`;
  const { stdout, status, stderr } = spawnSync('bash', ['-c', script]);
  assert.equal(status, 0, stderr.toString());
  yield stdout;
}

async function tarOfLayer(layer: Layer | undefined, staging: Staging): Promise<Buffer> {
  assert.ok(layer);
  return gunzipSync(Buffer.concat(await Array.fromAsync(staging.readLayer(layer))));
}

function namesIn(tar: Buffer): readonly string[] {
  const { stdout, status } = spawnSync(
    'tar',
    ['-tf', '-', '--quoting-style=literal', '--show-stored-names'],
    { input: tar },
  );
  assert.equal(status, 0);
  return stdout.toString('latin1').split('\n').filter(Boolean);
}

/**
 * Left out: what the engine mounts over in every container, what the base of the stacked image lacks, and the file from
 * before 1970, whose time the layer has (see below) but Docker takes for 1970 when it unpacks.
 */
function isComparable(line: string): boolean {
  return !/\/etc\/hostname$|^etc\/mtab |^custom|\/custom\/|dist\/past /.test(line);
}

describe('the layers of a step', () => {
  let bench: StepBench;
  beforeEach(async () => {
    bench = await openBench();
  });
  afterEach(async () => {
    await bench[Symbol.asyncDispose]();
  });

  it('stack to the file system in which the tasks ended', async () => {
    const { step, final } = await runEverything(bench);
    const [task, patch] = step.result.layers;
    assert.ok(task && patch && step.source);
    assert.deepEqual([task.role, patch.role], ['task', 'patch']);
    const layers = [task, step.runtime.layer, step.source.layer, patch];
    await using image = await stackImage(layers, bench, options);
    await using container = await startStacked(bench.engine, image.id, options);
    const stacked = await dumpFiles(container, options);
    assert.ok(final.some((line) => line.startsWith(`${APP}/dist/not utf-8 \xff\xfe f 644`)));
    assert.deepEqual(stacked.filter(isComparable), final.filter(isComparable));
  });

  it('stack so with other repositories below the sources, whoever tasks give them to', async () => {
    const beside = async (folder: string, files: Readonly<Record<string, string>>): Promise<SourceLayer> => {
      const top = `workspace/${folder}`;
      const entries = [
        ...['workspace', top].map((path) => sourceEntry(path, { kind: 'directory', mode: 0o755 })),
        ...Object.entries(files).map(([path, text]) => sourceEntry(`${top}/${path}`, { text })),
      ];
      const layer = await bench.staging.addLayer('source', tarOf(entries), options);
      const kinds = entries.map(({ path, kind }) => [path, kind === 'directory' ? kind : 'leaf'] as const);
      return { layer, carried: listedPaths(new Map(kinds)) };
    };
    const lib = await beside('lib', { changed: 'old', gone: 'soon', kept: 'kept', turned: 'file' });
    const docs = await beside('more/docs', { moved: 'moved', kept: 'kept' });
    let final: readonly string[] = [];
    const work = `cd /workspace/lib && echo new >> changed && rm gone turned && mkdir turned && echo x > turned/x
mkdir -p made/deep && echo y > made/deep/y && chmod 700 . && touch kept
cd ../more && mv docs/moved moved && chown 7:8 docs docs/kept && chmod 750 . && chown -R 5:5 ${CHECKOUT}`;
    const additionalRepositories = [
      { url: 'lib', checkoutLocation: '/workspace/lib' },
      { url: 'docs', checkoutLocation: '/workspace/more/docs' },
    ];
    const step = await bench.run([{ init: work }], {
      config: { additionalRepositories },
      sources: (owner) => SOURCES.map((entry) => ({ ...entry, ...owner })),
      makeBeside: async () => [lib, docs],
      onCreated: async (container) => {
        await container.put(
          tarOf(
            ['workspace', 'workspace/lib'].map((path) =>
              sourceEntry(path, { kind: 'directory', mode: 0o1777 }),
            ),
          ),
          options,
        );
      },
      onDispose: async (container) => {
        final = await dumpFiles(container, options);
      },
    });
    const [task, patch] = step.result.layers;
    assert.ok(task && patch && step.source);
    const carried = [lib, docs, step.source].map(({ layer }) => layer);
    await using image = await stackImage([task, step.runtime.layer, ...carried, patch], bench, options);
    await using container = await startStacked(bench.engine, image.id, options);
    const stacked = await dumpFiles(container, options);
    assert.ok(final.some((line) => line.startsWith('workspace/lib/turned/x f')));
    assert.deepEqual(stacked.filter(isComparable), final.filter(isComparable));
    assert.ok(namesIn(await tarOfLayer(task, bench.staging)).includes('workspace/lib/made/deep/y'));
    assert.ok(namesIn(await tarOfLayer(patch, bench.staging)).includes('workspace/more/docs/kept'));
    assert.ok(step.result.sourceOwner !== undefined);
  });

  it('keep attributes, link files of one layer, and take away what is gone by name', async () => {
    const { step } = await runEverything(bench);
    const [task, patch] = step.result.layers;
    const tar = await tarOfLayer(task, bench.staging);
    const text = tar.toString('latin1');
    assert.equal(text.match(/SCHILY\.xattr\.user\.note=kept/g)?.length, 4, 'custom, inner, inner/file, here');
    assert.ok(text.includes('mtime=-315619199.876543211\n'), 'the time before 1970');
    assert.equal(text.match(/\n\d+ (?:atime|ctime)=/g), null);
    const names = namesIn(tar);
    const whiteouts = names.filter((name) => name.includes('.wh.'));
    assert.deepEqual(whiteouts, names.slice(0, whiteouts.length), 'whiteouts come first');
    assert.ok(whiteouts.includes('etc/.wh.issue') && whiteouts.includes('usr/share/.wh.doc'));
    assert.ok(
      !whiteouts.some((name) => name.startsWith('usr/share/bug/') || name.startsWith('usr/share/doc/')),
    );
    assert.ok(!whiteouts.some((name) => name.endsWith('opq')));
    assert.equal(new Set(names).size, names.length, 'no path twice');
    const listed = spawnSync('tar', ['-tvf', '-'], { input: tar, encoding: 'latin1' }).stdout;
    assert.match(listed, /^hrwsr-s--x 4000000000\/300000 .* link to workspace\/app\/dist\/linked$/m);
    const patched = namesIn(await tarOfLayer(patch, bench.staging)).filter((name) => !name.endsWith('/'));
    assert.deepEqual(patched, [
      `${APP}/src/.wh.deleted.ts`,
      `${APP}/lib`,
      `${APP}/src/changed.ts`,
      `${APP}/src/turned.ts/x`,
    ]);
    assert.ok(step.result.claims.subtrees.includes(`${APP}/dist`));
    assert.ok(!step.result.claims.entries.some((path) => path.startsWith(`${APP}/dist`)));
    assert.ok(step.result.claims.entries.includes('etc/issue'));
  });

  it('leave out caches, sockets, whiteout names and whatever is mounted or temporary', async () => {
    const init = String.raw`
mkdir -p ~/.npm/_cacache ~/.npm/_npx ~/.cache/pip/http-v2 /var/cache/apt/archives
echo 1 | tee ~/.npm/_cacache/x ~/.npm/_npx/x ~/.cache/pip/http-v2/x /var/cache/apt/archives/x.deb /tmp/x /run/x /dev/shm/x >/dev/null
echo 127.0.0.9 me >> /etc/hosts
echo x > .wh.mine
perl -MSocket -e 'socket(my $s, PF_UNIX, SOCK_STREAM, 0) or die; bind($s, sockaddr_un("sock")) or die'`;
    const { result } = await bench.run([{ init }]);
    const [task, ...others] = result.layers;
    assert.deepEqual(others, []);
    const names = namesIn(await tarOfLayer(task, bench.staging)).filter((name) => !name.endsWith('/'));
    assert.deepEqual(names, ['root/.npm/_npx/x']);
    assert.deepEqual(
      bench.said.lines.map((line) => line.replace(/:.*\(/, ' (')),
      [
        'files named .wh.* are not kept (/workspace/app/.wh.mine)',
        'sockets are not kept (/workspace/app/sock)',
      ],
    );
  });

  it('hold no trace of certificate authorities and proxies', async () => {
    const caBundle = Buffer.from('-----BEGIN CERTIFICATE-----\nU0VDUkVU\n-----END CERTIFICATE-----\n');
    const proxies = { HTTPS_PROXY: 'http://proxy.invalid:3128' };
    const init = 'cmp $SSL_CERT_FILE /run/preheat/ca.pem && echo $https_proxy && echo done > x';
    const { result, source, runtime } = await bench.run([{ init }], { access: { caBundle, proxies } });
    assert.ok(source);
    assert.ok(bench.said.lines.includes('[Task 1] http://proxy.invalid:3128'));
    for (const layer of [...result.layers, source.layer, runtime.layer]) {
      const tar = await tarOfLayer(layer, bench.staging);
      for (const trace of ['U0VDUkVU', 'proxy.invalid', 'ca.pem']) {
        assert.ok(!tar.includes(trace), `${layer.role} holds ${trace}`);
      }
      assert.deepEqual(
        namesIn(tar).filter((name) => name.startsWith('run/')),
        [],
      );
    }
  });
});
