import assert from 'node:assert/strict';
import {
  fromTrixie,
  mirrorOf,
  packageSource,
  parseOsRelease,
  trixiePin,
  trixieSources,
} from '../../setup/debian.mjs';

const osRelease = (id: string, version: string): string =>
  `PRETTY_NAME="A ${id}"\nNAME="Whatever"\nVERSION_ID="${version}"\nVERSION="${version} (x)"\nID=${id}\n`;

describe('the Debian package sources', () => {
  it('are chosen by os-release', () => {
    const sources = [
      [osRelease('debian', '11'), 'none'],
      [osRelease('debian', '12'), 'pinned trixie'],
      [osRelease('debian', '13'), 'own'],
      ['PRETTY_NAME="Debian GNU/Linux forky/sid"\nID=debian\n', 'own'],
      [osRelease('ubuntu', '20.04'), 'none'],
      [osRelease('ubuntu', '24.04'), 'own'],
      [osRelease('fedora', '44'), 'none'],
      ['', 'none'],
    ] as const;
    for (const [text, source] of sources) assert.equal(packageSource(parseOsRelease(text)), source, text);
  });

  it('read quoted and bare fields, ID and not VERSION_ID or ID_LIKE', () => {
    const text = 'ID_LIKE=debian\nVERSION_ID=\'24.04\'\nID=ubuntu\nPRETTY_NAME="Ubuntu 24.04 LTS"';
    assert.deepEqual(parseOsRelease(text), { id: 'ubuntu', version: '24.04', name: 'Ubuntu 24.04 LTS' });
    assert.equal(parseOsRelease('').name, 'an unknown system');
  });

  it('follow the mirror that the machine uses for its own packages', () => {
    const deb822 =
      'Types: deb\nURIs: http://mirror.example/debian\nSuites: bookworm bookworm-updates\nComponents: main\n';
    const security =
      'Types: deb\nURIs: http://security.example/\nSuites: bookworm-security\nComponents: main\n';
    const vendor = 'deb https://vendor.example/apt bookworm stable';
    assert.equal(mirrorOf(`${vendor}\n\n${security}\n${deb822}`), 'http://mirror.example/debian');
    assert.equal(
      mirrorOf('deb [signed-by=/k.gpg arch=amd64] https://old.example/debian bookworm contrib main'),
      'https://old.example/debian',
    );
    assert.equal(mirrorOf(`${vendor}\n\n${security}`), 'http://deb.debian.org/debian');
  });

  it('take from Debian 13 nothing but the named packages', () => {
    const stanzas = trixiePin()
      .split('\n\n')
      .map(
        (stanza) =>
          new Map([...stanza.matchAll(/^([A-Z]\S+): (.*)$/gm)].map(([, key, value]) => [key, value])),
      );
    assert.deepEqual(
      stanzas.map((stanza) => [
        stanza.get('Package'),
        stanza.get('Pin'),
        Number(stanza.get('Pin-Priority')) > 0,
      ]),
      [
        ['*', 'release n=trixie', false],
        [fromTrixie.join(' '), 'release n=trixie', true],
      ],
    );
    assert.match(
      trixieSources('http://m.example/d'),
      /^Types: deb\nURIs: http:\/\/m\.example\/d\nSuites: trixie\n/m,
    );
  });
});
