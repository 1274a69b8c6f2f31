import assert from 'node:assert/strict';
import fc from 'fast-check';
import { xmlText } from '../../../../src/adapters/credentials/aws/xml-text.ts';

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

describe('the text of an XML element', () => {
  it('is found wherever the element stands, by its whole name', () => {
    const xml = '<A><CodeOf>no</CodeOf><B>\n<Code>yes</Code></B></A>';
    assert.equal(xmlText(xml, 'Code'), 'yes');
    assert.equal(xmlText(xml, 'Cod'), undefined);
    assert.equal(xmlText(xml, 'B'), undefined);
    assert.equal(xmlText('<Code></Code>', 'Code'), '');
  });

  it('has its entities decoded, once', () => {
    assert.equal(xmlText('<M>&quot;a&quot; &amp;lt; &#60;&#x2764; &apos;</M>', 'M'), '"a" &lt; <❤ \'');
    assert.equal(xmlText('<M>&unknown; & &#x110000; &;</M>', 'M'), '&unknown; & &#x110000; &;');
  });

  it('is none in what breaks off', () => {
    for (const xml of ['', '<M', '<M>', '<M>text', '<M>text<', '<M>text</N>', 'Service Unavailable'])
      assert.equal(xmlText(xml, 'M'), undefined, xml);
  });

  it('is what was escaped', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) =>
        assert.equal(xmlText(`<R><M>${escaped(text)}</M></R>`, 'M'), text),
      ),
    );
  });

  it('is looked for in any text without harm', () => {
    fc.assert(
      fc.property(fc.string(), (text) => assert.equal(xmlText(text.replaceAll('<', ''), 'M'), undefined)),
    );
  });
});
