'use strict';
/* The page: a bar on top, the view that the address names, help, and what the keys do. */
(() => {
  const {html, render, useEffect, useState, useRef} = htmPreact;
  const {format, place, source, parts} = dmascope;

  const THEMES = ['auto', 'light', 'dark'];
  const VIEWS = {
    fleet: ({params}) => html`<${dmascope.fleet.Fleet} params=${params}/>`,
    capture: ({params}) => html`<${dmascope.capture.Capture} key=${params.capture} params=${params}/>`,
    rules: ({params}) => html`<${dmascope.rules.Rules} params=${params}/>`,
  };
  const HELP = [
    ['/', 'search captures, rules and findings'], ['?', 'this help'], ['j k', 'next, previous finding'],
    ['w s', 'look closer, wider'], ['a d', 'earlier, later'], ['0', 'the whole capture'],
    ['← →', 'on the address map: previous, next mapping'], ['Ctrl + wheel', 'look closer or wider at the pointer'],
  ];

  function usePlace() {
    const [here, setHere] = useState(place.now());
    useEffect(() => place.listen(setHere), []);
    return here;
  }

  /* When what is shown was told, and whether more is to come. */
  function Status() {
    const [, again] = useState(0);
    const [made, setMade] = useState('');
    useEffect(() => {
      source.made().then(setMade);
      const stop = source.onChange(() => again(n => n + 1));
      const timer = setInterval(() => again(n => n + 1), 5000);
      return () => { stop(); clearInterval(timer); };
    }, []);
    const {document} = parts.useDocument('captures', {});
    const {state, answeredMs} = source.status;
    if (!source.live) return html`<p class="status" data-state="report">report${made ? ` of ${made}` : ''}</p>`;
    if (state === 'lost') {
      return html`<p class="status" data-state="lost" role="status">no answer since ${answeredMs ? new Date(answeredMs).toLocaleTimeString() : 'the page was opened'}; what is shown stands still</p>`;
    }
    if (document?.kafka_silent_ns > 5e9) {
      return html`<p class="status" data-state="lost" role="status">Kafka does not answer for ${format.duration(document.kafka_silent_ns)}; what is shown stands still</p>`;
    }
    if (document && !document.caught_up) return html`<p class="status" data-state="connecting" role="status">reading what the topics hold …</p>`;
    const lag = document?.replay_lag_records;
    return html`<p class="status" data-state="live">live${lag ? `, ${format.plural(lag, 'record')} to replay` : ''}</p>`;
  }

  function Search({box}) {
    const [text, setText] = useState('');
    const here = place.now();
    const {document: fleet} = parts.useDocument('captures', {});
    const {document: rules} = parts.useDocument('rules', {}, {follow: false});
    const {document: found} = parts.useDocument(text && here.params.capture ? 'findings' : '', {capture: here.params.capture, limit: 1000});
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (...all) => words.length > 0 && words.every(word => all.some(each => each.toLowerCase().includes(word)));
    const hits = [
      ...(fleet ? fleet.captures.filter(row => fits(row.capture, row.kernel)).map(row =>
        ({kind: 'capture', name: row.capture, to: place.link('capture', {capture: row.capture})})) : []),
      ...(found && text ? found.findings.filter(each => fits(each.rule, each.device, each.message, each.dma_addr)).map(each =>
        ({kind: 'finding', name: `${each.rule} ${dmascope.finding.sentence(each.message)}`, to: place.link('capture', {capture: found.capture, tab: 'findings', finding: each.fingerprint})})) : []),
      ...(rules ? rules.rules.filter(each => fits(each.rule, each.title)).map(each =>
        ({kind: 'rule', name: `${each.rule}: ${each.title}`, to: place.link('rules', {rule: each.rule})})) : []),
    ].slice(0, 12);
    const done = () => setText('');
    const key = event => {
      if (event.key === 'Escape') { done(); event.target.blur(); }
      if (event.key === 'Enter' && hits.length) { location.hash = hits[0].to; done(); event.target.blur(); }
    };
    return html`<div class="finder"><label><span class="unseen">Search captures, rules and findings</span>
      <input ref=${box} type="search" value=${text} placeholder="search ( / )" autocomplete="off" spellcheck="false"
        onInput=${event => setText(event.target.value)} onKeyDown=${key}/></label>
      ${text ? html`<ul class="hits" role="list">${hits.map(hit => html`<li key=${hit.to}><a href=${hit.to} onClick=${done}>
        <span class="hint">${hit.kind}</span> ${format.given(hit.name)}</a></li>`)}
        ${hits.length === 0 ? html`<li class="empty">nothing fits</li>` : null}</ul>` : null}</div>`;
  }

  function Help({dialog}) {
    return html`<dialog ref=${dialog} aria-labelledby="help-title"><h2 id="help-title">Keys</h2>
      <dl class="keys">${HELP.map(([key, what]) => html`<div key=${key}><dt><kbd>${key}</kbd></dt><dd>${what}</dd></div>`)}</dl>
      <p>The address of the page holds what you see: copy it, and a colleague sees the same.</p>
      <p>▲ error, ■ warning, ● info; hollow: suspect, the recording may explain it.</p>
      <form method="dialog"><button>Close</button></form></dialog>`;
  }

  function Theme() {
    const [theme, setTheme] = useState(stored());
    useEffect(() => {
      if (theme === 'auto') delete document.documentElement.dataset.theme;
      else document.documentElement.dataset.theme = theme;
      try { localStorage.setItem('dmascope-theme', theme); } catch { /* a file without storage: for this visit only */ }
    }, [theme]);
    const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
    return html`<button type="button" class="quiet" onClick=${() => setTheme(next)} title=${`switch to ${next}`}>theme: ${theme}</button>`;
  }

  function stored() {
    try {
      const theme = localStorage.getItem('dmascope-theme');
      return THEMES.includes(theme) ? theme : 'auto';
    } catch {
      return 'auto';
    }
  }

  function App() {
    const {view, params} = usePlace();
    const box = useRef(null);
    const dialog = useRef(null);
    useEffect(() => {
      const key = event => {
        if (event.target.closest('input, select, textarea, dialog') || event.ctrlKey || event.metaKey || event.altKey) return;
        if (event.key === '/') { event.preventDefault(); box.current?.focus(); }
        if (event.key === '?') dialog.current?.showModal();
      };
      window.addEventListener('keydown', key);
      return () => window.removeEventListener('keydown', key);
    }, []);
    useEffect(() => {
      document.title = [params.capture, params.rule, 'dmascope'].filter(Boolean).map(format.given).join(' · ');
    }, [params.capture, params.rule]);
    const View = VIEWS[view] || VIEWS.fleet;
    return html`
      <a class="skip" href="#main" onClick=${event => { event.preventDefault(); document.getElementById('main').focus(); }}>Skip to the content</a>
      <header class="bar">
        <a class="brand" href=${place.link('fleet')}><svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true"><use href="#icon"/></svg><b>dmascope</b></a>
        <nav aria-label="Main"><a href=${place.link('fleet')} aria-current=${view === 'fleet' ? 'page' : false}>Captures</a>
          <a href=${place.link('rules')} aria-current=${view === 'rules' ? 'page' : false}>Rules</a></nav>
        <${Search} box=${box}/>
        <${Status}/>
        <${Theme}/>
        <button type="button" class="quiet" onClick=${() => dialog.current.showModal()} aria-label="Help">?</button>
      </header>
      <main id="main" tabindex="-1">${View({params})}</main>
      <${Help} dialog=${dialog}/>`;
  }

  const start = document.getElementById('app');
  start.replaceChildren();
  render(html`<${App}/>`, start);
})();
