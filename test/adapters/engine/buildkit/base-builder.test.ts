import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BaseBuildOutcome, BuiltImage } from '../../../../src/build/base-builder.ts';
import { tarOf } from '../../../../src/oci/tar-writer.ts';
import {
  bareDocker,
  connectTestEngine,
  fileEntry,
  importImage,
  patience,
  SMALL_IMAGE,
  uniqueName,
} from '../../../support/engine.ts';
import { pushFromEngine } from '../../../support/push-from-engine.ts';
import { ACCOUNT, startRegistry } from '../../../support/registry.ts';
import { buildOn, contextFile, pinnedSmall, uniqueLabels } from './build-fixture.ts';

describe('a base built by BuildKit', () => {
  it('sees the context and not the text that is built, and leaves nothing but its image', async () => {
    const small = await pinnedSmall();
    const labels = uniqueLabels();
    const context = [
      contextFile('a.txt', 'hello\n'),
      contextFile('d', '', { kind: 'directory', executable: true }),
      contextFile('d-e', ''),
      contextFile('d/run', '#!/bin/sh\n', { executable: true }),
      contextFile('d/odd \xff\nname', 'odd\n'),
      contextFile('link', '', { kind: 'symlink', target: '../../etc/none' }),
      contextFile('large', 'x'.repeat(300_000)),
    ];
    const list =
      'RUN cd /ctx && find . | sort && stat -c "%n %a %u:%g %Y" a.txt d d/run && wc -c < large && readlink link && cat a.txt';
    const { outcome, output } = await buildOn({
      dockerfile: ['FROM ', small, `\nWORKDIR /ctx\nCOPY . .\nARG NONCE=${uniqueName('n')}\n${list}\n`],
      context,
      labels,
    });
    await using image = builtIn(outcome);
    const printed = output.slice(output.findIndex((line) => line.includes('find .')) + 1);
    assert.deepEqual(printed, [
      '.',
      './a.txt',
      './d',
      './d-e',
      './d/odd \ufffd',
      './d/run',
      './large',
      './link',
      'name',
      'a.txt 644 0:0 631152000',
      'd 755 0:0 631152000',
      'd/run 755 0:0 631152000',
      '300000',
      '../../etc/none',
      'hello',
    ]);
    const { RepoTags, Config } = await bareDocker().getImage(image.id).inspect();
    assert.deepEqual(
      RepoTags.map((name) => name.split(':')[1]),
      ['built'],
    );
    assert.ok(!Object.keys(Config.Labels ?? {}).some((name) => name.startsWith('dev.preheat')));
    await image[Symbol.asyncDispose]();
    await assert.rejects(bareDocker().getImage(image.id).inspect(), /no such image/i);
  });

  it('gives equal inputs the same image', async () => {
    const small = await pinnedSmall();
    const request = {
      dockerfile: ['FROM ', small, '\nCOPY a /a\nENV A=b\n'],
      context: [contextFile('a', uniqueName('a'))],
    };
    await using first = builtIn((await buildOn(request)).outcome);
    await using second = builtIn((await buildOn(request)).outcome);
    assert.equal(first.id, second.id);
  });

  it('takes a file that differs in content alone for another', async () => {
    const small = await pinnedSmall();
    const dockerfile = ['FROM ', small, '\nCOPY a /a\n'];
    await using first = builtIn((await buildOn({ dockerfile, context: [contextFile('a', 'one')] })).outcome);
    await using second = builtIn((await buildOn({ dockerfile, context: [contextFile('a', 'two')] })).outcome);
    assert.notEqual(first.id, second.id);
  });

  it('tells a failing command with what it printed', async () => {
    const small = await pinnedSmall();
    const run = `for i in $(seq 60); do echo line $i; done; printf "the end"; exit 7 # ${uniqueName('n')}`;
    const { outcome, output } = await buildOn({ dockerfile: ['FROM ', small, `\nRUN true\nRUN ${run}\n`] });
    assert.ok(outcome.kind === 'failed');
    assert.equal(outcome.exitCode, 7);
    assert.equal(outcome.instruction, `RUN ${run}`);
    assert.equal(outcome.outOfMemory, false);
    assert.equal(outcome.output.length, 50);
    assert.equal(outcome.output.at(-1), 'the end');
    assert.ok(output.includes('line 1'));
    // BuildKit on containerd's store adds the digest.
    assert.ok(output.some((line) => /\] FROM small(?:@sha256:[0-9a-f]{64})?$/.test(line)));
    assert.ok(!output.join().includes('preheat.invalid'));
  });

  it('tells of no name that another run gave to the same image', async () => {
    const small = await pinnedSmall();
    const builds = await Promise.all(
      Array.from(
        { length: 6 },
        async () =>
          await buildOn({ dockerfile: ['FROM ', small, `\nRUN echo ${uniqueName('n')}; exit 7\n`] }),
      ),
    );
    for (const { outcome, output } of builds) {
      assert.ok(outcome.kind === 'failed');
      assert.equal(outcome.exitCode, 7);
      assert.ok(
        output.some((line) => /\] FROM small(?:@sha256:[0-9a-f]{64})?$/.test(line)),
        output.join('\n'),
      );
      assert.ok(!output.join().includes('preheat.invalid'));
    }
  });

  it('tells a file that is not there, and text that is no Dockerfile', async () => {
    const small = await pinnedSmall();
    const missing = (await buildOn({ dockerfile: ['FROM ', small, '\nCOPY nowhere /a\n'] })).outcome;
    assert.ok(missing.kind === 'failed' && missing.exitCode === undefined);
    assert.match(missing.reason, /nowhere.*not found/);
    const odd = (await buildOn({ dockerfile: ['FROM ', small, '\nFRUM x\n'] })).outcome;
    assert.ok(odd.kind === 'failed');
    assert.match(odd.reason, /line 2: unknown instruction: FRUM/);
  });

  it('refuses to build on an image that is not pinned', async () => {
    const small = await pinnedSmall();
    const texts = [[`FROM ${SMALL_IMAGE}\n`], ['FROM ', small, `\nCOPY --from=${SMALL_IMAGE} /bin/sh /sh\n`]];
    for (const dockerfile of texts) {
      await assert.rejects(buildOn({ dockerfile }), {
        phase: 'build',
        message: /image \S*(busybox:1\.36|dockerfile:1) is not pinned$/,
      });
    }
  });

  it('uses the pinned frontend that a syntax names, and no other', async () => {
    const small = await pinnedSmall();
    const dockerfile = ['# syntax=', small, '\nFROM ', small, '\n'];
    const { outcome } = await buildOn({ dockerfile });
    // The small image is no frontend: it was begun as one, and ended.
    assert.ok(outcome.kind === 'failed', JSON.stringify(outcome));
    assert.equal(outcome.exitCode, 1);
  });

  it('joins the bridge where that is wanted', async () => {
    const small = await pinnedSmall();
    const run = `RUN ls /sys/class/net # ${uniqueName('n')}`;
    const { outcome, output } = await buildOn({
      dockerfile: ['FROM ', small, `\n${run}\n`],
      network: 'bridge',
    });
    await using _image = builtIn(outcome);
    assert.ok(output.includes('eth0'));
  });

  it('sends a large context', async () => {
    const small = await pinnedSmall();
    const piece = Buffer.alloc(1_000_000, uniqueName('piece'));
    const size = 64 * piece.length;
    const large = contextFile('large', '', {
      size,
      async *open() {
        for (let at = 0; at < 64; at++) yield piece;
      },
    });
    const { outcome, output } = await buildOn({
      dockerfile: ['FROM ', small, '\nRUN --mount=target=/ctx wc -c < /ctx/large\n'],
      context: [large],
    });
    await using _image = builtIn(outcome);
    assert.ok(output.includes(String(size)));
  });

  it('tells a file of the context that cannot be read', async () => {
    const small = await pinnedSmall();
    const broken = contextFile('a', 'content', {
      // eslint-disable-next-line require-yield -- it fails before it gives anything
      async *open() {
        throw new Error('the disk is gone');
      },
    });
    await assert.rejects(buildOn({ dockerfile: ['FROM ', small, '\nCOPY a /\n'], context: [broken] }), {
      phase: 'build',
      message: /its files could not be sent \(the disk is gone\)/,
    });
  });

  it('hands proxies to commands and leaves no trace of them', async () => {
    const small = await pinnedSmall();
    const proxies = { HTTP_PROXY: 'http://proxy.invalid:3128' };
    const run = `RUN echo "$HTTP_PROXY $http_proxy" # ${uniqueName('n')}`;
    const { outcome, output } = await buildOn({ dockerfile: ['FROM ', small, `\n${run}\n`], proxies });
    await using image = builtIn(outcome);
    assert.ok(output.includes('http://proxy.invalid:3128 http://proxy.invalid:3128'));
    const docker = bareDocker().getImage(image.id);
    const told = JSON.stringify([await docker.inspect(), await docker.history()]);
    assert.ok(!told.includes('proxy.invalid'));
  });

  it('ends with the signal, on the engine too', async () => {
    const small = await pinnedSmall();
    const seconds = `${1000 + Math.floor(Math.random() * 9000)}.${process.pid}`;
    const abort = new AbortController();
    const building = buildOn(
      { dockerfile: ['FROM ', small, `\nRUN sleep ${seconds}\n`] },
      { signal: abort.signal },
    );
    building.catch(() => {});
    await until(async () => await runs(`sleep ${seconds}`));
    abort.abort(new Error('enough'));
    await assert.rejects(building, /enough/);
    await until(async () => !(await runs(`sleep ${seconds}`)));
  });

  it('takes private images in with the credentials of their registry, which no command sees', async () => {
    await using registry = await startRegistry({ password: true });
    const content = uniqueName('private');
    const name = await pushPrivate(content, `${registry.host}/base:1`);
    const { digest } = await digestIn(registry.storage);
    const pin = { reference: name, digest, source: 'registry' } as const;
    const small = await pinnedSmall();
    const dockerfile = [
      'FROM ',
      small,
      '\nCOPY --from=',
      pin,
      ` /content /content\nRUN cat /content; env; cat /proc/mounts # ${uniqueName('n')}\n`,
    ];
    await assert.rejects(buildOn({ dockerfile }), { code: 'unauthorized' });
    const { baseBuilder } = connectTestEngine({ credentials: { credentialsFor: async () => ACCOUNT } });
    try {
      const { outcome, output } = await buildOn({ dockerfile }, { builder: baseBuilder });
      await using _image = builtIn(outcome);
      assert.ok(output.includes(content));
      assert.ok(!output.join('\n').includes(ACCOUNT.password));
    } finally {
      await bareDocker().getImage(`${registry.host}/base@${digest}`).remove({ force: true });
    }
  });

  it('sweeps what dead runs left, by the labels in the names', async () => {
    const small = await pinnedSmall();
    const labels = uniqueLabels();
    const { outcome } = await buildOn({
      dockerfile: ['FROM ', small, `\nENV A=${uniqueName('a')}\n`],
      labels,
    });
    const { id } = builtIn(outcome);
    const { baseBuilder } = connectTestEngine();
    assert.equal(await baseBuilder.sweep(() => false, patience()), 0);
    const run = 'dev.preheat.run';
    assert.equal(await baseBuilder.sweep((found) => found[run] === labels[run], patience()), 1);
    await assert.rejects(bareDocker().getImage(id).inspect(), /no such image/i);
  });
});

function builtIn(outcome: BaseBuildOutcome): BuiltImage {
  assert.ok(outcome.kind === 'built', JSON.stringify(outcome));
  return outcome.image;
}

/** An image that only a registry with a password has. */
async function pushPrivate(content: string, name: string): Promise<string> {
  await using own = await importImage(tarOf([fileEntry('content', `${content}\n`)]));
  return await pushFromEngine(own.name, name, {
    REGISTRY_USERNAME: ACCOUNT.username,
    REGISTRY_PASSWORD: ACCOUNT.password,
  });
}

async function digestIn(storage: string): Promise<{ readonly digest: string }> {
  const tag = `${storage}/docker/registry/v2/repositories/base/_manifests/tags/1/current/link`;
  return { digest: await readFile(tag, 'utf8') };
}

async function until(met: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (await met()) return;
    await sleep(50);
  }
  assert.fail('it never happened');
}

/** Whether a program of this command line runs anywhere on the machine. */
async function runs(commandLine: string): Promise<boolean> {
  for (const id of await readdir('/proc')) {
    const text = await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '');
    if (text.replaceAll('\0', ' ').trim() === commandLine) return true;
  }
  return false;
}
