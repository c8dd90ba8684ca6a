'use strict';
/* What happened when? One capture: a sentence of verdict, one time ruler, a lane a device, and tabs for the rest. */
dmascope.capture = (() => {
  const {html, useEffect, useRef, useMemo} = htmPreact;
  const {format, place, parts, ruler} = dmascope;
  const {Given, useDocument, Awaiting, Severity, SHAPES, colour} = parts;

  const TABS = [
    ['time', 'Time'], ['findings', 'Findings'], ['addresses', 'Addresses'],
    ['cost', 'Cost'], ['coverage', 'Coverage'], ['compare', 'Compare'],
  ];
  const LANES_MAX = 40;
  const LANE_HEIGHT = 64;
  const LANE_KINDS = {
    live_mappings: {title: 'live mappings', show: format.count},
    live_bytes: {title: 'live bytes', show: format.bytes},
    maps: {title: 'maps a second', show: format.count, rate: true},
    bounced_bytes: {title: 'bounced bytes a second', show: format.bytes, rate: true},
  };

  /* Counts that only grow, as what came each second between two points. */
  function rates(offsets, values) {
    return values.map((value, i) => i === 0 ? 0 : Math.max(0, value - values[i - 1]) / Math.max(1e-9, (offsets[i] - offsets[i - 1]) / 1e9));
  }

  function Lane({device, kind, shown, beginNs}) {
    const ref = useRef(null);
    const plot = useRef(null);
    const {show, rate} = LANE_KINDS[kind];
    const data = useMemo(() => {
      const offsets = device.series.offset_ns;
      const values = device.series[kind] || [];
      return [offsets, rate ? rates(offsets, values) : values];
    }, [device.series.offset_ns.length, device.series.offset_ns.at(-1), kind]);
    const latest = useRef(shown);
    latest.current = shown;

    useEffect(() => {
      const ink = colour('--accent');
      const soft = colour('--soft');
      const line = colour('--line');
      const options = {
        width: ref.current.clientWidth || 600, height: LANE_HEIGHT, legend: {show: false},
        cursor: {sync: {key: 'lanes'}, drag: {x: true, y: false, setScale: false}, points: {size: 6}},
        scales: {x: {time: false, auto: false, range: () => [latest.current.from, latest.current.to]},
          y: {range: (_, low, high) => [0, Math.max(1, high * 1.08)]}},
        axes: [{show: false}, {size: 62, stroke: soft, grid: {stroke: line, width: 1}, ticks: {show: false},
          font: '11px system-ui', splits: (_, __, low, high) => [0, high / 1.08], values: (_, all) => all.map(v => show(Math.round(v)))}],
        series: [{}, {stroke: ink, width: 1.5, points: {show: false}, paths: rate ? undefined : uPlot.paths.stepped({align: 1}),
          fill: colour('--accent-faint')}],
        hooks: {setSelect: [u => {
          if (u.select.width < 4) return;
          const from = u.posToVal(u.select.left, 'x');
          const to = u.posToVal(u.select.left + u.select.width, 'x');
          u.setSelect({left: 0, width: 0, top: 0, height: 0}, false);
          ruler.set(latest.current, from, to);
        }]},
      };
      plot.current = new uPlot(options, data, ref.current);
      const resized = new ResizeObserver(() => plot.current.setSize({width: ref.current.clientWidth, height: LANE_HEIGHT}));
      resized.observe(ref.current);
      return () => { resized.disconnect(); plot.current.destroy(); };
    }, [kind]);
    useEffect(() => { plot.current.setData(data, false); plot.current.redraw(false); plot.current.setScale('x', {min: shown.from, max: shown.to}); });
    ruler.useWheel(ref, shown);

    return html`<div class="lane">
      <div class="lane-name"><a href=${place.link('capture', {...place.now().params, tab: 'addresses', device: device.device})}
          title="what was at which address"><${Given} text=${device.device || '(no name)'}/></a>
        <span class="hint">${format.count(device.maps)} maps${device.map_failures ? `, ${format.count(device.map_failures)} failed` : ''}</span></div>
      <div class="lane-plot" ref=${ref} role="img"
        aria-label=${`${format.given(device.device)}: ${LANE_KINDS[kind].title} over time; ${show(device[kind] ?? 0)} in all or at the end`}></div>
    </div>`;
  }

  /* Findings on the ruler: marks that open. What would lie on one another is one mark with a number. */
  function Marks({findings, shown, capture}) {
    const span = shown.to - shown.from;
    const places = new Map();
    for (const finding of findings) {
      if (finding.offset_ns < shown.from || finding.offset_ns > shown.to) continue;
      const slot = Math.round((finding.offset_ns - shown.from) / span * 60);
      if (!places.has(slot)) places.set(slot, []);
      places.get(slot).push(finding);
    }
    const order = ['error', 'warning', 'info'];
    return html`<div class="lane"><div class="lane-name">findings</div><div class="marks">
      ${places.size === 0 ? html`<span class="hint">none in this range</span>` : null}
      ${[...places].map(([slot, group]) => {
        const first = [...group].sort((a, b) => order.indexOf(a.severity.toLowerCase()) - order.indexOf(b.severity.toLowerCase()))[0];
        const level = first.severity.toLowerCase();
        const suspect = group.every(each => each.confidence.toLowerCase() === 'suspect');
        const label = group.length === 1 ? `${first.rule}: ${format.given(first.message)}` : `${group.length} findings, the worst ${first.rule}`;
        const to = group.length === 1 ? {capture, tab: 'findings', finding: first.fingerprint}
          : {capture, tab: 'findings', from: Math.max(0, Math.floor(group[0].offset_ns - span / 200)),
            to: Math.ceil(group.at(-1).offset_ns + span / 200)};
        const at = group[0].offset_ns;
        return html`<a key=${slot} class=${`mark ${level} ${suspect ? 'suspect' : ''}`} title=${label} aria-label=${label}
          style=${{left: `${(at - shown.from) / span * 100}%`}} href=${place.link('capture', to)}>
          <span aria-hidden="true">${SHAPES[level]}</span>${group.length > 1 ? group.length : ''}</a>`;
      })}</div></div>`;
  }

  function Time({row, params, findings}) {
    const shown = ruler.range(params, row.duration_ns);
    const kind = LANE_KINDS[params.lane] ? params.lane : 'live_mappings';
    const devices = [...row.devices].sort((a, b) => b.maps - a.maps);
    const busy = devices.filter(each => each.maps > 0 || each.live_mappings > 0);
    const lanes = busy.slice(0, LANES_MAX);
    return html`<section class="card lanes" aria-label="Lanes over time">
      <div class="head-row">
        <label>lanes show <select value=${kind} onChange=${event => place.change({lane: event.target.value}, {replace: true})}>
          ${Object.entries(LANE_KINDS).map(([name, {title}]) => html`<option key=${name} value=${name}>${title}</option>`)}
        </select></label>
        <span class="hint">drag over a lane to look closer, Ctrl and the wheel, or w a s d; one point a second or coarser</span>
      </div>
      <${ruler.Ruler} beginNs=${row.begin_ns} shown=${shown}/>
      <${Marks} findings=${findings} shown=${shown} capture=${row.capture}/>
      ${lanes.map(device => html`
        <${Lane} key=${device.device} device=${device} kind=${kind} shown=${shown} beginNs=${row.begin_ns}/>`)}
      ${devices.length > lanes.length ? html`<p class="hint">${format.plural(devices.length - lanes.length, 'device')} ${busy.length > lanes.length ? 'with fewer maps' : 'that mapped nothing'} ${devices.length - lanes.length === 1 ? 'is' : 'are'} in the table below.</p>` : null}
    </section>
    <${Devices} devices=${devices}/>`;
  }

  const DEVICE_COLUMNS = [
    {name: 'device', title: 'Device', value: each => each.device, show: each => html`<${Given} text=${each.device || '(no name)'}/>`},
    {name: 'live_mappings', title: 'Live', number: true, value: each => each.live_mappings},
    {name: 'live_bytes', title: 'Live bytes', number: true, value: each => each.live_bytes, show: each => format.bytes(each.live_bytes)},
    {name: 'maps', title: 'Maps', number: true, value: each => each.maps},
    {name: 'unmaps', title: 'Unmaps', number: true, value: each => each.unmaps},
    {name: 'failures', title: 'Failed', number: true, value: each => each.map_failures},
    {name: 'mapped', title: 'Mapped bytes', number: true, value: each => each.mapped_bytes, show: each => format.bytes(each.mapped_bytes)},
    {name: 'bounces', title: 'Bounced', number: true, value: each => each.bounces},
    {name: 'occurrences', title: 'Findings', number: true, value: each => each.occurrences},
  ];
  function Devices({devices}) {
    return html`<section class="card" aria-labelledby="devices-title"><h2 id="devices-title">Devices</h2>
      <${parts.SortableTable} caption="Devices of this capture" columns=${DEVICE_COLUMNS} rows=${devices} sortParam="devices"
        initial="maps down" rowKey=${each => each.device} empty="No device has been seen yet."/></section>`;
  }

  function Capture({params}) {
    const {document: row, error} = useDocument('capture', {capture: params.capture});
    const {document: found} = useDocument('findings', {capture: params.capture, limit: 1000});
    useEffect(() => {
      if (!row) return undefined;
      const key = event => {
        if (event.target.closest('input, select, textarea, dialog') || event.ctrlKey || event.metaKey || event.altKey) return;
        const turn = ruler.KEYS[event.key];
        if (turn) { turn(ruler.range(place.now().params, row.duration_ns)); event.preventDefault(); }
      };
      window.addEventListener('keydown', key);
      return () => window.removeEventListener('keydown', key);
    }, [row?.capture, row?.duration_ns]);
    if (!row || row.capture !== params.capture) return html`<${Awaiting} what=${`Waiting for ${format.given(params.capture)}`} error=${error}/>`;
    const findings = found && found.capture === row.capture ? found.findings : [];
    const tab = TABS.some(([name]) => name === params.tab) ? params.tab : 'time';
    const view = {
      time: () => html`<${Time} row=${row} params=${params} findings=${findings}/>`,
      findings: () => html`<${dmascope.finding.Findings} row=${row} params=${params} found=${found} findings=${findings}/>`,
      addresses: () => html`<${dmascope.addressMap.Addresses} row=${row} params=${params} findings=${findings}/>`,
      cost: () => html`<${dmascope.cost.Cost} row=${row}/>`,
      coverage: () => html`<${dmascope.rules.Coverage} row=${row}/>`,
      compare: () => html`<${dmascope.compare.Compare} row=${row} params=${params} findings=${findings}/>`,
    }[tab];
    const badge = {findings: findings.length, coverage: row.coverage.not_checked.length};
    return html`
      <header class="capture-head">
        <h1><${Given} text=${row.capture}/></h1>
        <p class="verdict-line"><${dmascope.fleet.Verdict} row=${row}/>
          <span class="hint">${format.plural(row.events, 'event')} in ${format.duration(row.duration_ns)}
            ${row.kernel ? html`, <${Given} text=${row.kernel}/>` : ''}${row.input?.lost ? `, ${format.plural(row.input.lost, 'event')} lost` : ''}
            ${row.not_judged ? `, ${format.plural(row.not_judged, 'suspicion')} not judged: the recording explains them` : ''}
            ; ${dmascope.fleet.progress(row)}</span></p>
      </header>
      <nav class="tabs" aria-label="Views of this capture">${TABS.map(([name, title]) => html`
        <a key=${name} href=${place.link('capture', {capture: row.capture, tab: name === 'time' ? '' : name, from: params.from, to: params.to, device: name === 'addresses' ? params.device : ''})}
          aria-current=${name === tab ? 'page' : false}>${title}${badge[name] ? html` <span class="badge">${badge[name]}</span>` : ''}</a>`)}</nav>
      ${view()}`;
  }

  return {Capture};
})();
