'use strict';
/* Two captures beside each other: what is found in one and not in the other, and what devices did. */
dmascope.compare = (() => {
  const {html} = htmPreact;
  const {format, place, parts} = dmascope;
  const {Given, Severity, useDocument, Awaiting} = parts;

  /* Fingerprints name the same cause in every capture (docs/decisions/0122-fingerprints.md). */
  function split(here, there) {
    const ours = new Set(here.map(each => each.fingerprint));
    const theirs = new Set(there.map(each => each.fingerprint));
    return {
      onlyHere: here.filter(each => !theirs.has(each.fingerprint)),
      onlyThere: there.filter(each => !ours.has(each.fingerprint)),
      both: here.filter(each => theirs.has(each.fingerprint)),
    };
  }

  function List({title, findings, capture}) {
    return html`<section class="card"><h2>${title} <span class="badge">${findings.length}</span></h2>
      <ol class="findings">${findings.map(each => html`<li key=${each.fingerprint}>
        <a href=${place.link('capture', {capture, tab: 'findings', finding: each.fingerprint})}>
          <${Severity} severity=${each.severity} confidence=${each.confidence}/> <b>${each.rule}</b>
          <span class="message"><${Given} text=${dmascope.finding.sentence(each.message)}/></span>
          <span class="hint"><${Given} text=${each.device}/>${each.count > 1 ? `, ${format.count(each.count)} times` : ''}</span></a></li>`)}</ol></section>`;
  }

  const perSecond = (n, row) => row.duration_ns > 0 ? n / (row.duration_ns / 1e9) : 0;
  const MEASURES = [
    ['maps a second', (d, row) => perSecond(d.maps, row), n => format.count(Number(n.toPrecision(3)))],
    ['bytes a second', (d, row) => perSecond(d.mapped_bytes, row), n => format.bytes(n)],
    ['mean size', d => d.maps ? d.mapped_bytes / d.maps : 0, n => format.bytes(n)],
    ['entries out of those in', d => d.sg_entries_in ? d.sg_entries_out / d.sg_entries_in : 0, n => n ? n.toFixed(3) : ''],
    ['live at the end', d => d.live_mappings, format.count],
    ['bounced maps', d => d.bounces, format.count],
  ];

  function Devices({here, there}) {
    const names = [...new Set([...here.devices, ...there.devices].map(each => each.device))];
    return html`<section class="card" aria-labelledby="both-title"><h2 id="both-title">Devices</h2>
      <p class="hint">Rates over each capture's own time. Two workloads are seldom the same: read a difference as a question.</p>
      <div class="wide" tabindex="0" role="region" aria-label="Devices of both"><table><caption class="unseen">Devices of both captures</caption>
      <thead><tr><th scope="col">Device</th>${MEASURES.map(([title]) => html`<th key=${title} scope="col" class="number">${title}</th>`)}</tr></thead>
      <tbody>${names.map(name => {
        const [a, b] = [here, there].map(row => row.devices.find(each => each.device === name));
        return html`<tr key=${name}><th scope="row"><${Given} text=${name || '(no name)'}/></th>${MEASURES.map(([title, of, show]) => html`
          <td key=${title} class="number">${a ? show(of(a, here)) : 'absent'}<br/><span class="hint">${b ? show(of(b, there)) : 'absent'}</span></td>`)}</tr>`;
      })}</tbody></table></div><p class="hint">Above: this capture; below, paler: the other.</p></section>`;
  }

  function Compare({row, params, findings}) {
    const {document: fleet} = useDocument('captures', {});
    const other = params.with || '';
    const {document: there, error} = useDocument(other ? 'capture' : '', {capture: other});
    const {document: theirs} = useDocument(other ? 'findings' : '', {capture: other, limit: 1000});
    const others = fleet ? fleet.captures.filter(each => each.capture !== row.capture) : [];
    const lists = there && theirs ? split(findings, theirs.findings) : null;
    return html`<section class="card"><label>compare with <select value=${other} onChange=${event => place.change({with: event.target.value})}>
        <option value="">choose a capture</option>${others.map(each => html`<option key=${each.capture} value=${each.capture}>${format.given(each.capture)}</option>`)}</select></label>
        ${others.length === 0 ? html` <span class="hint">there is no other capture here</span>` : null}</section>
      ${other && !lists ? html`<${Awaiting} what="Waiting for the other capture" error=${error}/>` : null}
      ${lists ? html`<div class="thirds">
        <${List} title="Only here" findings=${lists.onlyHere} capture=${row.capture}/>
        <${List} title="Only there" findings=${lists.onlyThere} capture=${other}/>
        <${List} title="In both" findings=${lists.both} capture=${row.capture}/></div>
        <${Devices} here=${row} there=${there}/>` : null}`;
  }

  return {Compare, split};
})();
