'use strict';
/* What does it cost? How long mappings live and how large they are, device by device, on logarithmic steps. */
dmascope.cost = (() => {
  const {html} = htmPreact;
  const {format, parts} = dmascope;
  const {Given} = parts;

  /* Buckets as bars; the numbers stand in the table that the bars are. */
  function Bars({title, distribution, show}) {
    const {counts, at_most: bounds, count} = distribution;
    const used = counts.map((n, i) => [n, i]).filter(([n]) => n > 0);
    if (used.length === 0) return html`<p class="hint">${title}: nothing has ended yet</p>`;
    const first = used[0][1];
    const last = used.at(-1)[1];
    const top = Math.max(...counts);
    return html`<table class="bars"><caption>${title}${distribution.p50_at_most ? html` <span class="hint">half within ${show(distribution.p50_at_most)}${
        distribution.p99_at_most ? `, 99 of 100 within ${show(distribution.p99_at_most)}` : ''}</span>` : ''}</caption>
      <tbody>${counts.slice(first, last + 1).map((n, k) => {
        const i = first + k;
        const label = i < bounds.length ? `≤ ${show(bounds[i])}` : `> ${show(bounds.at(-1))}`;
        return html`<tr key=${i}><th scope="row">${label}</th><td class=${n > 0 ? 'bar some' : 'bar'}><span style=${{width: `${n / top * 100}%`}}></span></td>
          <td class="number">${format.count(n)}</td><td class="number hint">${(100 * n / count).toFixed(n / count < 0.01 ? 2 : 0)} %</td></tr>`;
      })}</tbody></table>`;
  }

  function ratio(part, whole) {
    return whole > 0 ? `${(100 * part / whole).toFixed(1)} %` : '';
  }

  function Cost({row}) {
    const devices = [...row.devices].filter(each => each.maps > 0).sort((a, b) => b.maps - a.maps);
    if (devices.length === 0) return html`<section class="card"><p class="empty">No device has mapped anything yet.</p></section>`;
    return html`${devices.map(each => html`
      <section class="card" key=${each.device} aria-label=${`Cost of ${format.given(each.device)}`}>
        <h2><${Given} text=${each.device || '(no name)'}/></h2>
        <dl class="facts">
          <div><dt>maps</dt><dd>${format.count(each.maps)}, ${format.bytes(each.mapped_bytes)}</dd></div>
          <div><dt>mean size</dt><dd>${each.maps ? format.bytes(Math.round(each.mapped_bytes / each.maps)) : ''}</dd></div>
          ${each.sg_entries_in ? html`<div><dt>list entries</dt><dd>${format.count(each.sg_entries_in)} in, ${format.count(each.sg_entries_out)} out (${ratio(each.sg_entries_out, each.sg_entries_in)})</dd></div>` : null}
          <div><dt>bounced</dt><dd>${each.bounces ? `${format.count(each.bounces)} maps, ${format.bytes(each.bounced_bytes)} (${ratio(each.bounced_bytes, each.mapped_bytes)} of bytes)` : 'none seen'}</dd></div>
          ${each.map_failures ? html`<div><dt>failed</dt><dd>${format.count(each.map_failures)}</dd></div>` : null}
        </dl>
        <div class="pair"><${Bars} title="Lifetimes" distribution=${each.lifetime_ns} show=${format.duration}/>
          <${Bars} title="Sizes" distribution=${each.size_bytes} show=${format.bytes}/></div>
      </section>`)}
      <p class="hint">What it would cost otherwise: <code>dmascope whatif ${format.shellWord(row.file || row.capture)} --backend direct,iommu-strict,iommu-lazy</code></p>`;
  }

  return {Cost};
})();
