'use strict';
/* Which rig needs me? A row a capture, the worst first; below, which rules break where. */
dmascope.fleet = (() => {
  const {html} = htmPreact;
  const {format, place, parts} = dmascope;
  const {Given, SortableTable, Spark, useDocument, Awaiting} = parts;

  const LEVELS = ['error', 'warning', 'info'];

  /* Certain errors weigh most, suspicions least. */
  function weight({causes}) {
    return LEVELS.reduce((sum, level, i) => sum
      + causes[level].certain * 10 ** (6 - 2 * i) + causes[level].suspect * 10 ** (5 - 2 * i) / 100, 0);
  }

  function verdict(row) {
    const told = LEVELS.flatMap(level => {
      const {certain, suspect} = row.causes[level];
      return [certain ? format.plural(certain, level === 'info' ? 'note' : level) : '',
        suspect ? `${format.count(suspect)} suspect ${level}` : ''];
    }).filter(Boolean);
    return told.length ? told.join(', ') : row.ended ? 'nothing found' : 'nothing found yet';
  }

  function worst({causes}) {
    return LEVELS.find(level => causes[level].certain) || (weight({causes}) > 0 ? 'suspect' : 'none');
  }

  function Verdict({row}) {
    const level = worst(row);
    const shape = {error: '▲', warning: '■', info: '●', suspect: '◇', none: '✓'}[level];
    return html`<a class=${`verdict ${level}`} href=${place.link('capture', {capture: row.capture})}>
      <span aria-hidden="true">${shape}</span> ${verdict(row)}</a>`;
  }

  function progress(row) {
    const of = row.input ? row.input.events : 0;
    if (row.ended) return 'ended';
    if (row.events === 0) return 'queued';
    return of > row.events ? `replaying, ${Math.floor(100 * row.events / of)} %` : 'replaying';
  }

  function coverage(row) {
    const {checked, not_checked: not} = row.rules;
    return checked + not === 0 ? 'not yet' : `${checked} of ${checked + not}`;
  }

  const COLUMNS = [
    {name: 'verdict', title: 'Verdict', value: weight, show: row => html`<${Verdict} row=${row}/>`},
    {name: 'capture', title: 'Capture', value: row => row.capture,
      show: row => html`<a href=${place.link('capture', {capture: row.capture})}><${Given} text=${row.capture}/></a>`},
    {name: 'kernel', title: 'Kernel', value: row => row.kernel, show: row => html`<${Given} text=${row.kernel}/>`},
    {name: 'occurrences', title: 'Occurrences', number: true, value: row => row.occurrences},
    {name: 'checked', title: 'Rules checked', number: true, value: row => row.rules.checked,
      show: row => html`<a href=${place.link('capture', {capture: row.capture, tab: 'coverage'})}>${coverage(row)}</a>`},
    {name: 'lost', title: 'Lost events', number: true, value: row => (row.input ? row.input.lost : 0)},
    {name: 'events', title: 'Events', number: true, value: row => row.events},
    {name: 'duration', title: 'Duration', number: true, value: row => row.duration_ns,
      show: row => format.duration(row.duration_ns)},
    {name: 'progress', title: 'Replay', value: progress, show: progress},
    {name: 'live', title: 'Live mappings', number: true, value: row => row.live.live_mappings.at(-1) ?? 0,
      show: row => html`<span class="with-spark"><${Spark} values=${row.live.live_mappings}
        label=${`live mappings over the capture, ${row.live.live_mappings.at(-1) ?? 0} at the end`}/>
        ${format.count(row.live.live_mappings.at(-1) ?? 0)}</span>`},
  ];

  function matches(row, text) {
    const all = [row.capture, row.file, row.kernel, verdict(row), progress(row), ...row.by_rule.map(each => each.rule)];
    return text.toLowerCase().split(/\s+/).every(word => all.some(each => each.toLowerCase().includes(word)));
  }

  /* Rules down, captures across: how many causes of each. */
  function HeatMap({rows}) {
    const broken = rows.filter(row => row.by_rule.length > 0);
    const rules = [...new Set(broken.flatMap(row => row.by_rule.map(each => each.rule)))].sort();
    if (rules.length === 0) return null;
    const top = Math.max(...broken.flatMap(row => row.by_rule.map(each => each.causes)));
    return html`<section class="card" aria-labelledby="heat-title">
      <h2 id="heat-title">Rules by capture</h2>
      <p class="hint">causes; a click shows them</p>
      <div class="wide" tabindex="0" role="region" aria-label="Rules by capture"><table class="heat">
        <thead><tr><th scope="col">Rule</th>${broken.map(row => html`
          <th scope="col" key=${row.capture}><${Given} text=${row.capture}/></th>`)}</tr></thead>
        <tbody>${rules.map(rule => html`<tr key=${rule}>
          <th scope="row"><a href=${place.link('rules', {rule})}>${rule}</a></th>
          ${broken.map(row => {
            const cell = row.by_rule.find(each => each.rule === rule);
            return html`<td key=${row.capture} class=${cell ? cell.severity : ''}
                style=${{'--heat': cell ? 0.25 + 0.75 * cell.causes / top : 0}}>
              ${cell ? html`<a href=${place.link('capture', {capture: row.capture, tab: 'findings', rule})}
                aria-label=${`${rule} in ${format.given(row.capture)}: ${cell.causes}`}>${cell.causes}</a>` : ''}</td>`;
          })}</tr>`)}</tbody>
      </table></div></section>`;
  }

  function Fleet({params}) {
    const {document, error} = useDocument('captures', {});
    if (!document) return html`<${Awaiting} what="Waiting for the captures" error=${error}/>`;
    const text = params.filter || '';
    const rows = document.captures.filter(row => matches(row, text));
    return html`
      <section class="card" aria-labelledby="fleet-title">
        <div class="head-row">
          <h1 id="fleet-title">${format.plural(document.captures.length, 'capture')}</h1>
          <label class="search"><span class="unseen">Filter captures</span>
            <input type="search" value=${text} placeholder="filter: name, kernel, rule …" autocomplete="off" spellcheck="false"
              onInput=${event => place.change({filter: event.target.value}, {replace: true})}/></label>
          <span class="hint">${rows.length === document.captures.length ? '' : `${rows.length} shown`}
            ${document.captures_retired ? `; ${format.plural(document.captures_retired, 'older capture')} gave way to newer ones` : ''}
            ${document.quarantined ? `; ${format.plural(document.quarantined, 'record')} could not be read (see dmascope quarantine)` : ''}</span>
        </div>
        <${SortableTable} caption="Captures" columns=${COLUMNS} rows=${rows} initial="verdict down"
          rowKey=${row => row.capture} empty=${document.captures.length === 0
            ? 'No capture yet. Publish one: dmascope publish trace.dat, and let dmascope replay run.' : 'No capture matches.'}/>
      </section>
      <${HeatMap} rows=${rows}/>`;
  }

  return {Fleet, Verdict, verdict, worst, progress};
})();
