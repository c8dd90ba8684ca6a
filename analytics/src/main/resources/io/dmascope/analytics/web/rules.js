'use strict';
/* The rules: an index, a page each, and which of them a capture could not be held to. */
dmascope.rules = (() => {
  const {html} = htmPreact;
  const {format, place, parts} = dmascope;
  const {Severity, SortableTable, Page, useDocument, Awaiting} = parts;

  const COLUMNS = [
    {name: 'rule', title: 'Rule', value: each => each.rule, show: each => html`<a href=${place.link('rules', {rule: each.rule})}>${each.rule}</a>`},
    {name: 'severity', title: 'Severity', value: each => each.severity, show: each => html`<${Severity} severity=${each.severity}/>`},
    {name: 'title', title: 'What it is', value: each => each.title, show: each => each.title},
    {name: 'source', title: 'Kernel source', value: each => each.kernel_source, show: each => html`<code>${each.kernel_source}</code>`},
  ];

  function Rules({params}) {
    return params.rule ? html`<${Rule} rule=${params.rule}/>` : html`<${Index}/>`;
  }

  function Index() {
    const {document, error} = useDocument('rules', {}, {follow: false});
    if (!document) return html`<${Awaiting} what="Waiting for the rules" error=${error}/>`;
    return html`<section class="card" aria-labelledby="rules-title"><h1 id="rules-title">${document.rules.length} rules</h1>
      <${SortableTable} caption="Rules" columns=${COLUMNS} rows=${document.rules} initial="rule" rowKey=${each => each.rule} empty="none"/></section>`;
  }

  function Rule({rule}) {
    const {document, error, isOfNow} = useDocument('rule', {rule}, {follow: false});
    if (!document || !isOfNow) return html`<${Awaiting} what=${`Waiting for the page of ${format.given(rule)}`} error=${isOfNow ? error : ''}/>`;
    return html`<section class="card"><p><a href=${place.link('rules')}>all rules</a></p><${Page} markup=${document.html}/></section>`;
  }

  /* What was missing comes as "record X" or "supply X": from that follows what to type. */
  function remedy(because, row) {
    const file = format.shellWord(row.file || 'trace.dat');
    if (/dmesg/.test(because)) return `dmesg > dmesg.txt, then: dmascope check --dmesg dmesg.txt ${file}`;
    if (/manifest/.test(because)) return `capture/dmascope-capture manifest > rig.json (on the rig), then: dmascope check --manifest rig.json ${file}`;
    const events = [...because.matchAll(/[a-z_]+:(?:\*|\w+)/g)].map(([name]) => name);
    if (events.length) return `echo '${events.join(' ')}' >> /sys/kernel/tracing/set_event`;
    return /dmascope-probe/.test(because) ? 'run capture/dmascope-probe beside the recording' : '';
  }

  function Coverage({row}) {
    const {checked, not_checked: not} = row.coverage;
    if (checked.length + not.length === 0) {
      return html`<section class="card"><p class="empty">Which rules could be checked is known when the capture ends.</p></section>`;
    }
    const reasons = new Map();
    for (const {rule, because} of not) reasons.set(because, [...(reasons.get(because) || []), rule]);
    return html`<section class="card" aria-labelledby="not-title"><h2 id="not-title">${format.plural(not.length, 'rule')} not checked</h2>
      <p class="hint">Silence is not a pass: of these nothing is known.</p>
      <div class="wide" tabindex="0" role="region" aria-label="Rules that were not checked"><table><caption class="unseen">Rules that were not checked, and why</caption>
      <thead><tr><th scope="col">Rules</th><th scope="col">Because</th><th scope="col">To check them</th></tr></thead>
      <tbody>${[...reasons].map(([because, rules]) => html`<tr key=${because}>
        <td>${rules.map(rule => html`<a key=${rule} class="rule" href=${place.link('rules', {rule})}>${rule}</a> `)}</td>
        <td>${because}</td><td>${remedy(because, row) ? html`<code>${remedy(because, row)}</code>` : ''}</td></tr>`)}</tbody></table></div></section>
      <section class="card" aria-labelledby="checked-title"><h2 id="checked-title">${format.plural(checked.length, 'rule')} checked</h2>
      <p>${checked.map(rule => html`<a key=${rule} class="rule" href=${place.link('rules', {rule})}>${rule}</a> `)}</p></section>`;
  }

  return {Rules, Coverage};
})();
