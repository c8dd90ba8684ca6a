'use strict';
/* Is it real, and how do I fix it? The list of findings, and one of them read to its end. */
dmascope.finding = (() => {
  const {html, useEffect, useState, useRef} = htmPreact;
  const {format, place, source, parts} = dmascope;
  const {Given, Severity, Copy, Page, useDocument, Awaiting} = parts;

  const FILTERS = [['error', 'Errors'], ['warning', 'Warnings'], ['info', 'Info'], ['suspect', 'Suspect']];

  function isShown(finding, {hide = '', rule, device, text = '', from, to}) {
    const hidden = new Set(hide.split(' '));
    const words = text.toLowerCase().split(/\s+/);
    const all = [finding.rule, finding.device, finding.comm, finding.message, finding.dma_addr, finding.because].join(' ').toLowerCase();
    return !hidden.has(finding.severity.toLowerCase())
      && !(hidden.has('suspect') && finding.confidence.toLowerCase() === 'suspect')
      && (!rule || finding.rule === rule) && (!device || finding.device === device)
      && (from === undefined || finding.offset_ns >= Number(from)) && (to === undefined || finding.offset_ns <= Number(to))
      && words.every(word => all.includes(word));
  }

  function Findings({row, params, found, findings}) {
    const shown = findings.filter(finding => isShown(finding, params));
    const index = shown.findIndex(finding => finding.fingerprint === params.finding);
    const open = findings.find(finding => finding.fingerprint === params.finding);
    const list = useRef(null);
    useEffect(() => {
      const key = event => {
        if (event.target.closest('input, select, textarea, dialog') || event.ctrlKey || event.metaKey || event.altKey) return;
        const by = {j: 1, k: -1}[event.key];
        if (!by || shown.length === 0) return;
        const next = shown[Math.min(Math.max(index + by, 0), shown.length - 1)];
        place.change({finding: next.fingerprint}, {replace: index >= 0});
        list.current?.querySelector(`[data-finding="${CSS.escape(next.fingerprint)}"]`)?.focus();
      };
      window.addEventListener('keydown', key);
      return () => window.removeEventListener('keydown', key);
    });
    if (!found) return html`<${Awaiting} what="Waiting for the findings"/>`;
    const hidden = new Set((params.hide || '').split(' ').filter(Boolean));
    const toggle = name => {
      if (!hidden.delete(name)) hidden.add(name);
      place.change({hide: [...hidden].join(' ')}, {replace: true});
    };
    const narrowed = ['rule', 'device', 'from', 'to'].filter(name => params[name] !== undefined);
    return html`<div class="split">
      <section class="card list" aria-labelledby="findings-title">
        <div class="head-row"><h2 id="findings-title">${format.plural(findings.length, 'finding')}</h2>
          <div class="filters" role="group" aria-label="Show">${FILTERS.map(([name, title]) => html`
            <button key=${name} type="button" aria-pressed=${!hidden.has(name)} onClick=${() => toggle(name)}>${title}</button>`)}</div>
          <label class="search"><span class="unseen">Filter findings by text</span>
            <input type="search" value=${params.text || ''} placeholder="rule, device, task …" autocomplete="off" spellcheck="false"
              onInput=${event => place.change({text: event.target.value}, {replace: true})}/></label></div>
        <p class="hint" role="status">${shown.length === findings.length ? '' : `${shown.length} shown`}
          ${narrowed.length ? html` only ${narrowed.map(name => html`<button key=${name} type="button" class="quiet"
            onClick=${() => place.change({[name]: ''})}>${name} ${name === 'from' || name === 'to' ? format.duration(Number(params[name])) : format.given(params[name])} ✕</button>`)}` : ''}
          ${found.matching > findings.length ? ` the first ${findings.length} of ${format.count(found.matching)}; dmascope check shows all` : ''}</p>
        ${findings.length === 0 ? html`<p class="empty">Nothing was found${row.ended ? '' : ' yet'}. ${row.coverage.not_checked.length
          ? html`<a href=${place.link('capture', {capture: row.capture, tab: 'coverage'})}>${format.plural(row.coverage.not_checked.length, 'rule')} could not be checked.</a>` : ''}</p>` : null}
        <ol class="findings" ref=${list}>${shown.map(finding => html`
          <li key=${finding.fingerprint}><a data-finding=${finding.fingerprint} aria-current=${finding.fingerprint === params.finding ? 'true' : false}
              href=${place.link('capture', {...params, finding: finding.fingerprint})}>
            <${Severity} severity=${finding.severity} confidence=${finding.confidence}/> <b>${finding.rule}</b>
            <span class="message"><${Given} text=${sentence(finding.message)}/></span>
            <span class="hint"><${Given} text=${finding.device}/>, ${format.moment(row.begin_ns, finding.offset_ns)}${finding.count > 1 ? `, ${format.count(finding.count)} times` : ''}</span>
          </a></li>`)}</ol>
      </section>
      ${open ? html`<${Whole} key=${open.fingerprint} finding=${open} row=${row}/>`
        : html`<section class="card whole"><p class="empty">${shown.length ? 'Choose a finding; j and k move.' : ''}</p></section>`}
    </div>`;
  }

  /* The plain sentence without its facts in brackets. */
  function sentence(message) {
    return message.replace(/( \[[^\]]*\])+$/, '');
  }

  function facts(message) {
    return [...message.matchAll(/\[([^=\]]+)=([^\]]*)\]/g)].map(([, name, value]) => [name, value]);
  }

  function Event({what, event, row, mark}) {
    const [lines, setLines] = useState([]);
    useEffect(() => { source.lines(row.capture, event.sequence).then(setLines); }, [row.capture, event.sequence]);
    return html`<li class=${mark}><h4>${what}</h4>
      <p>${format.moment(row.begin_ns, event.offset_ns)}, <${Given} text=${`${event.comm}-${event.pid}`}/> on CPU ${event.cpu},${' '}
        ${event.companion ? `line ${event.place} of the ${event.companion} file` : html`<${Given} text=${`${row.file}:${event.place}`}/>`}</p>
      ${lines.length ? html`<pre class="trace" tabindex="0" aria-label="lines of the recording">${lines.map(({text, here}, i) => html`
        <span key=${i} class=${here ? 'here' : ''}>${format.given(text)}\n</span>`)}</pre>` : null}</li>`;
  }

  function command(row, finding) {
    return `dmascope check ${format.shellWord(row.file || row.capture)} --format json | jq '.captures[].findings[] | select(.fingerprint == "${finding.fingerprint}")'`;
  }

  /* It ends in a quarter of a year: an entry without a day is forgotten. */
  function ignoreEntry(finding) {
    const until = new Date(Date.now() + 90 * 86400e3).toISOString().slice(0, 10);
    return `${finding.rule} device=${format.shellWord(finding.device || '*')} until=${until} reason="..."`;
  }

  function Whole({finding, row}) {
    const {document: rule} = useDocument('rule', {rule: finding.rule}, {follow: false});
    const heading = useRef(null);
    const earlier = finding.related || [];
    const around = Math.max(1e6, finding.offset_ns - (earlier[0]?.offset_ns ?? finding.offset_ns));
    return html`<article class="card whole" aria-labelledby="finding-title">
      <p><${Severity} severity=${finding.severity} confidence=${finding.confidence}/> <a href=${place.link('rules', {rule: finding.rule})}>${finding.rule}</a>
        ${rule ? `: ${rule.title}` : ''}</p>
      <h2 id="finding-title" ref=${heading} tabindex="-1"><${Given} text=${sentence(finding.message)}/></h2>
      <dl class="facts"><div><dt>device</dt><dd><${Given} text=${finding.device || '(no name)'}/></dd></div>
        ${facts(finding.message).map(([name, value]) => html`<div key=${name}><dt>${name.replaceAll('_', ' ')}</dt><dd><${Given} text=${value}/></dd></div>`)}
        ${finding.count > 1 ? html`<div><dt>occurrences</dt><dd>${format.count(finding.count)}</dd></div>` : null}</dl>
      ${finding.confidence.toLowerCase() === 'suspect'
        ? html`<p class="because"><b>Suspect</b>, because <${Given} text=${finding.because}/>. It may be no fault of the driver.</p>`
        : html`<p class="because"><b>Certain</b>: nothing that was lost or left out can explain it.</p>`}
      ${finding.premises?.length ? html`<p class="hint">It rests on: ${finding.premises.map(each => each.premise || each).join('; ').replaceAll('_', ' ')}.</p>` : null}
      <h3>What happened</h3>
      <ol class="life">${earlier.map((event, i) => html`<${Event} key=${i} what=${event.what} event=${event} row=${row} mark="before"/>`)}
        <${Event} what=${sentence(finding.message)} event=${finding} row=${row} mark="wrong"/></ol>
      ${rule?.how_to_fix_html ? html`<h3>How to fix it</h3><${Page} markup=${rule.how_to_fix_html}/>` : null}
      <div class="buttons">
        <${Copy} text=${location.href}>Copy link<//>
        <${Copy} text=${command(row, finding)}>Copy command<//>
        <${Copy} text=${ignoreEntry(finding)}>Copy ignore entry<//>
        <a class="button" href=${place.link('capture', {capture: row.capture, tab: 'addresses', device: finding.device,
          from: Math.max(0, Math.floor(finding.offset_ns - 3 * around)), to: Math.ceil(finding.offset_ns + 2 * around), finding: finding.fingerprint})}>Show on the address map</a>
        <a class="button" href=${place.link('capture', {capture: row.capture,
          from: Math.max(0, Math.floor(finding.offset_ns - 3 * around)), to: Math.ceil(finding.offset_ns + 2 * around)})}>Show in time</a>
      </div>
      ${rule?.what_happens_html ? html`<details><summary>About the rule</summary><${Page} markup=${rule.what_happens_html}/>
        <p class="hint">kernel source: <code>${rule.kernel_source}</code></p></details>` : null}
    </article>`;
  }

  return {Findings, sentence};
})();
