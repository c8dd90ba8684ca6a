'use strict';
/* Small parts that several views use. */
dmascope.parts = (() => {
  const {html, useState, useEffect, useRef} = htmPreact;
  const {format, source, place} = dmascope;

  /* Text from a trace, as text and nothing else. */
  function Given({text, className = ''}) {
    const shown = format.given(text);
    return html`<span class=${'given ' + className} title=${shown}>${shown}</span>`;
  }

  /*
   * A document of the source, asked for again when the source says that something changed. The one before
   * stays while the next is awaited, so that nothing on the page jumps.
   */
  function useDocument(path, params, {follow = true} = {}) {
    const [state, setState] = useState({document: null, error: '', asked: ''});
    const key = path + JSON.stringify(params);
    useEffect(() => {
      if (!path) return undefined;
      let gone = false;
      let busy = false;
      let again = false;
      const load = async () => {
        if (busy) { again = true; return; }
        busy = true;
        try {
          const document = await source.get(path, params);
          if (!gone) setState({document, error: '', asked: key});
        } catch (error) {
          if (!gone) setState(before => ({...before, error: error.message, asked: key}));
        }
        busy = false;
        if (again && !gone) { again = false; load(); }
      };
      load();
      const stop = follow ? source.onChange(load) : () => {};
      return () => { gone = true; stop(); };
    }, [key]);
    return {...state, isOfNow: state.asked === key};
  }

  /* What is shown where there is nothing yet: it says what is awaited. */
  function Awaiting({what, error}) {
    return html`<p class="empty" role="status">${error ? `${what}: ${error}.` : `${what} …`}</p>`;
  }

  /* Severity and confidence: a shape of its own for each, not colour alone. */
  const SHAPES = {error: '▲', warning: '■', info: '●'};
  function Severity({severity, confidence}) {
    const level = severity.toLowerCase();
    const suspect = confidence && confidence.toLowerCase() === 'suspect';
    return html`<span class=${`level ${level} ${suspect ? 'suspect' : ''}`}>
      <span aria-hidden="true">${SHAPES[level] || '●'}</span> ${level}${suspect ? ', suspect' : ''}</span>`;
  }

  /* A table whose columns sort at a click on their head; the order is part of the place. */
  function SortableTable({columns, rows, sortParam = 'sort', initial, caption, rowKey, empty}) {
    const {params} = place.now();
    const [name, down] = (params[sortParam] || initial).split(' ');
    const column = columns.find(each => each.name === name) || columns[0];
    const sorted = [...rows].sort((a, b) => {
      const [x, y] = [column.value(a), column.value(b)];
      const order = typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y));
      return down ? -order : order;
    });
    const sort = each => {
      const turn = each.name === name ? !down : Boolean(each.number);
      place.change({[sortParam]: turn ? `${each.name} down` : each.name}, {replace: true});
    };
    return html`<div class="wide" tabindex="0" role="region" aria-label=${caption}><table>
      <caption class="unseen">${caption}</caption>
      <thead><tr>${columns.map(each => html`
        <th key=${each.name} scope="col" class=${each.number ? 'number' : ''}
            aria-sort=${each.name === column.name ? (down ? 'descending' : 'ascending') : 'none'}>
          <button type="button" class="head" onClick=${() => sort(each)}>${each.title}
            <span aria-hidden="true">${each.name === column.name ? (down ? '▾' : '▴') : ''}</span></button>
        </th>`)}</tr></thead>
      <tbody>${sorted.map(row => html`<tr key=${rowKey(row)}>${columns.map(each => html`
        <td key=${each.name} class=${each.number ? 'number' : ''}>${each.show ? each.show(row) : format.count(each.value(row))}</td>`)}</tr>`)}
      ${rows.length === 0 ? html`<tr><td colspan=${columns.length} class="empty">${empty}</td></tr>` : null}</tbody>
    </table></div>`;
  }

  /* A button that copies; it says so for a moment. */
  function Copy({text, children}) {
    const [done, setDone] = useState(false);
    const copy = async () => {
      await navigator.clipboard.writeText(text);
      setDone(true);
      setTimeout(() => setDone(false), 1500);
    };
    return html`<button type="button" onClick=${copy}>${done ? 'Copied' : children}</button>`;
  }

  /* Our own documentation, made by us from Markdown: put in as nodes; a parsed document runs no scripts. */
  function Page({markup}) {
    const ref = useRef(null);
    useEffect(() => {
      const parsed = new DOMParser().parseFromString(markup, 'text/html');
      parsed.querySelectorAll('a[href]').forEach(a => {
        const rule = /^([A-Z]+-[A-Z0-9-]+)\.md$/.exec(a.getAttribute('href'));
        if (rule) a.setAttribute('href', place.link('rules', {rule: rule[1]}));
        else a.replaceWith(...a.childNodes);
      });
      parsed.querySelectorAll('pre').forEach(pre => pre.setAttribute('tabindex', '0')); // it scrolls: by keys as well
      ref.current.replaceChildren(...parsed.body.childNodes);
    }, [markup]);
    return html`<div class="page" ref=${ref}></div>`;
  }

  /* A small line without axes; the number beside it says the level. */
  function Spark({values, label}) {
    const top = Math.max(1, ...values);
    const points = values.map((v, i) => `${(i / Math.max(1, values.length - 1) * 96).toFixed(1)},${(21 - v / top * 20).toFixed(1)}`);
    return html`<svg class="spark" viewBox="0 0 96 22" width="96" height="22" role="img" aria-label=${label}>
      <polyline points=${points.join(' ')} fill="none" stroke="currentColor" stroke-width="1.5"/></svg>`;
  }

  /* light-dark() is only resolved on a property that takes a colour. */
  function colour(name) {
    const probe = document.createElement('i');
    probe.style.color = `var(${name})`;
    document.body.append(probe);
    const value = getComputedStyle(probe).color;
    probe.remove();
    return value;
  }

  return {Given, useDocument, Awaiting, Severity, SHAPES, SortableTable, Copy, Page, Spark, colour};
})();
