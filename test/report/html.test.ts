import assert from 'node:assert/strict';
// Under another name, since the formatter would lay out what stands in templates of the usual one.
import { html as markup, htmlText } from '../../src/report/html.ts';

describe('html', () => {
  it('escapes text in content and attributes', () => {
    const text = `<b a='1' c="2">&\u0000\u001B`;
    assert.equal(
      htmlText(markup`<p title="${text}">${text}</p>`),
      '<p title="&lt;b a=&#39;1&#39; c=&quot;2&quot;&gt;&amp;\uFFFD\uFFFD">&lt;b a=&#39;1&#39; c=&quot;2&quot;&gt;&amp;\uFFFD\uFFFD</p>',
    );
  });

  it('puts markup, lists of it, numbers and nothing as they are', () => {
    const items = ['a', '<'].map((item) => markup`<li>${item}</li>`);
    assert.equal(htmlText(markup`<ul>${items}</ul>${7}${undefined}`), '<ul><li>a</li><li>&lt;</li></ul>7');
  });
});
