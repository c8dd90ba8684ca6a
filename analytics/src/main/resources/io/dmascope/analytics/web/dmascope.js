'use strict';
/*
 * Asks the JSON API once a second and draws what came. Everything that comes from a trace (devices,
 * tasks, messages) is put on the page as text, never as markup.
 */

const POLL_MS = 1000;
const RETRY_MS_MAX = 8000;
const FINDINGS_KEPT = 1000;
const FINDINGS_SHOWN = 100;
const CHART_DEVICES = 6;
const CHART_HEIGHT = 200;
const RATE_STEPS = 120;
const RULES_SHOWN = 12;
const NS = 1e9;
/* A broker that restarts, or an answer that is late, is nothing to tell. */
const SILENCE_TOLD_MS = 5000;
const ENGINE_STILL_TOLD_MS = 30000;

const $ = id => document.getElementById(id);
const state = {
  capture: '', chosen: false, lastFinding: 0, forgotten: 0, findings: [], shown: FINDINGS_SHOWN,
  filters: new Set(['error', 'warning', 'info', 'suspect']), search: '',
  sort: {column: 'live_mappings', down: true},
  summary: null, timeline: null, timelineEvents: -1, previous: null, rate: null,
  answeredMs: Date.now(), kafkaSilentSinceMs: 0, engine: {mark: '', lag: 0, movedMs: Date.now()},
};

/* ---- small tools ---------------------------------------------------------------------------- */

function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in node) node[name] = value; else node.setAttribute(name, value);
  }
  node.append(...children.filter(child => child !== null));
  return node;
}
/* Text from a trace: control characters are shown, not obeyed, and it cannot reorder its neighbours. */
function given(text, tag = 'span') {
  const visible = text.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g,
    c => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'));
  return element(tag, {className: 'given', title: visible, textContent: visible});
}
const whole = new Intl.NumberFormat('en', {maximumFractionDigits: 0});
const short = new Intl.NumberFormat('en', {notation: 'compact', maximumSignificantDigits: 3});
const count = n => Math.abs(n) < 100000 ? whole.format(n) : short.format(n);

function bytes(n) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  let unit = 0;
  while (n >= 1024 && unit < units.length - 1) { n /= 1024; unit++; }
  return `${n >= 100 || Number.isInteger(n) ? Math.round(n) : n.toPrecision(3)} ${units[unit]}`;
}
function duration(ns) {
  const [value, unit] = ns < 1e6 ? [ns / 1e3, 'µs'] : ns < 1e9 ? [ns / 1e6, 'ms'] : [ns / 1e9, 's'];
  return `${Number(value.toPrecision(3))} ${unit}`;
}
/* light-dark() is only resolved on a property that takes a colour. */
function resolved(name) {
  const probe = element('i');
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

/* ---- asking --------------------------------------------------------------------------------- */

async function ask(path) {
  const answer = await fetch(path, {cache: 'no-store'});
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

async function poll() {
  const summary = await ask('api/summary');
  state.answeredMs = Date.now();
  if (summary.findings < state.lastFinding) restartFindings();
  measureRate(summary);
  watchKafka(summary);
  state.summary = summary;
  chooseCapture(summary.captures);
  const news = await ask(`api/findings?after=${state.lastFinding}`);
  takeFindings(news);
  const capture = current();
  if (capture && capture.events !== state.timelineEvents) {
    state.timeline = await ask(`api/timeline?capture=${encodeURIComponent(capture.capture)}`);
    state.timelineEvents = capture.events;
  }
  drawAll(news.findings.length > 0);
}

function measureRate(summary) {
  const events = summary.captures.reduce((sum, capture) => sum + capture.events, 0);
  const before = state.previous;
  if (before && summary.now_ns > before.now_ns) {
    state.rate = Math.max(0, events - before.events) / ((summary.now_ns - before.now_ns) / NS);
  }
  state.previous = {now_ns: summary.now_ns, events};
}

/* Since when Kafka is silent, and since when the replay engine has work and does none. */
function watchKafka({kafka_silent_ns: silentNs, replay_lag_records: lag = 0, captures, findings}) {
  const nowMs = Date.now();
  if (!silentNs) state.kafkaSilentSinceMs = 0;
  else state.kafkaSilentSinceMs ||= nowMs - silentNs / 1e6;
  const mark = `${findings} ${captures.map(capture => capture.events).join(' ')}`;
  const moves = mark !== state.engine.mark || lag < state.engine.lag || lag === 0 || silentNs;
  state.engine = {mark, lag, movedMs: moves ? nowMs : state.engine.movedMs};
}

function restartFindings() {
  Object.assign(state, {lastFinding: 0, findings: [], forgotten: 0, previous: null, timelineEvents: -1});
}

function takeFindings(news) {
  for (const finding of news.findings) {
    finding.text = [finding.rule, finding.device, finding.comm, finding.message, finding.dma_addr]
      .join(' ').toLowerCase();
  }
  if (state.lastFinding > 0) news.findings.forEach(finding => { finding.fresh = true; });
  state.findings = news.findings.reverse().concat(state.findings);
  state.findings.length = Math.min(state.findings.length, FINDINGS_KEPT);
  state.lastFinding = news.last;
}

/* Until somebody picks one: one that is being replayed, else one with findings, the newest of those. */
function chooseCapture(captures) {
  const known = captures.some(capture => capture.capture === state.capture);
  if (known && state.chosen) return;
  const running = captures.filter(capture => capture.events > 0 && !capture.ended);
  const found = captures.filter(capture => sumFindings(capture) > 0);
  const newest = running.at(-1) ?? found.at(-1) ?? captures.at(-1);
  select(newest ? newest.capture : '', false);
}

function select(capture, chosen) {
  state.chosen = chosen;
  if (capture === state.capture) return;
  Object.assign(state, {capture, timeline: null, timelineEvents: -1, shown: FINDINGS_SHOWN});
}

const current = () => state.summary?.captures.find(capture => capture.capture === state.capture);

/* ---- drawing -------------------------------------------------------------------------------- */

function drawAll(newFindings) {
  drawBar();
  drawTiles();
  drawCharts();
  if (newFindings || state.drawnCapture !== state.capture) drawFindings();
  drawRules();
  drawDevices();
  drawService();
  state.drawnCapture = state.capture;
}

function drawBar() {
  const captures = state.summary.captures;
  const select = $('capture');
  const names = captures.map(capture => capture.capture).join('\n');
  if (select.dataset.names !== names) {
    select.dataset.names = names;
    select.replaceChildren(...captures.map(capture =>
      element('option', {value: capture.capture, textContent: capture.capture})));
    if (!captures.length) select.append(element('option', {value: '', textContent: 'none yet'}));
  }
  select.value = state.capture;
  const capture = current();
  const origin = capture
    ? [capture.file, capture.kernel && `Linux ${capture.kernel}`, capture.format].filter(Boolean).join(' · ') : '';
  $('origin').replaceChildren(given(origin));
  drawStatus();
}

const clock = ms => new Date(ms).toLocaleTimeString([], {hour12: false});

/* What stands still must not look live. A time stays the same while it is told: who listens to the page hears it once. */
function drawStatus() {
  const {summary, kafkaSilentSinceMs: since, answeredMs, engine} = state;
  const nowMs = Date.now();
  if (nowMs - answeredMs > SILENCE_TOLD_MS) {
    status('lost', 'no answer', `The server of this page has not answered since ${clock(answeredMs)}: `
      + 'what is shown is as of then. The page goes on by itself once it answers.');
  } else if (since && nowMs - since > SILENCE_TOLD_MS) {
    status('lost', 'Kafka is silent', `Kafka has not answered since ${clock(since)}: `
      + (summary.captures.length ? 'what is shown is as of then.' : 'there is nothing to show yet.')
      + ' The page goes on by itself once it answers.');
  } else if (nowMs - engine.movedMs > ENGINE_STILL_TOLD_MS) {
    status('behind', 'standing still', `${count(engine.lag)} records wait for the replay engine, and nothing was replayed `
      + `since ${clock(engine.movedMs)}: is dmascope replay running?`);
  } else if (summary) {
    status(summary.caught_up ? 'live' : 'behind', summary.caught_up ? 'live' : 'catching up', '');
  }
}

function status(kind, text, sentence) {
  const [node, notice] = [$('status'), $('notice')];
  if (notice.textContent !== sentence) {
    notice.textContent = sentence;
    notice.dataset.state = kind;
    notice.hidden = !sentence;
  }
  if (node.textContent === text) return;
  node.dataset.state = kind;
  node.textContent = text;
}

function drawTiles() {
  const capture = current();
  const devices = devicesOfCapture();
  const live = devices.reduce((sum, device) => sum + device.live_mappings, 0);
  const liveBytes = devices.reduce((sum, device) => sum + device.live_bytes, 0);
  const bounced = devices.reduce((sum, device) => sum + device.bounced_bytes, 0);
  const entries = devices.reduce((sum, d) => [sum[0] + d.sg_entries_in, sum[1] + d.sg_entries_out], [0, 0]);
  const found = capture?.findings;
  const certain = found ? found.error.certain : 0;
  const others = found ? found.warning.certain + found.info.certain : 0;
  const suspect = found ? found.error.suspect + found.warning.suspect + found.info.suspect : 0;
  const lost = capture?.input?.lost ?? 0;
  $('tiles').replaceChildren(
    tile('Errors, certain', count(certain),
      `${count(others)} warnings and notes, ${count(suspect)} suspect`, certain ? 'bad' : ''),
    tile('Events replayed', count(capture?.events ?? 0),
      state.rate ? `now ${count(state.rate)}/s` : capture?.ended ? 'capture ended' : 'waiting for events'),
    tile('Live mappings', count(live), bytes(liveBytes)),
    tile('Merge ratio', entries[1] ? `${(entries[0] / entries[1]).toFixed(2)} : 1` : '–',
      entries[0] ? `${count(entries[0])} entries in, ${count(entries[1])} out` : 'no scatterlist seen'),
    tile('Bounced', bytes(bounced), 'through swiotlb'),
    tile('Events lost', capture?.input ? count(lost) : '–',
      capture?.input ? `${count(capture.input.issues)} unreadable lines` : 'known when the capture ends',
      lost ? 'worry' : ''));
}

function tile(title, value, below, tone = '') {
  return element('div', {className: `tile ${tone}`},
    element('h2', {textContent: title}), element('b', {textContent: value}), element('p', {textContent: below}));
}

const visible = finding => finding.capture === state.capture
  && state.filters.has(finding.severity)
  && (finding.confidence === 'certain' || state.filters.has('suspect'))
  && finding.text.includes(state.search);

function drawFindings() {
  const all = state.findings.filter(finding => finding.capture === state.capture);
  const matching = all.filter(visible);
  const open = new Set([...document.querySelectorAll('.findings details[open]')].map(d => d.dataset.id));
  const focused = document.activeElement?.closest('details')?.dataset.id;
  $('finding-list').replaceChildren(...matching.slice(0, state.shown).map(finding => findingRow(finding, open)));
  if (focused) document.querySelector(`details[data-id="${focused}"] summary`)?.focus({preventScroll: true});
  $('more').hidden = matching.length <= state.shown;
  const total = totalFindings();
  $('findings-hint').textContent = findingsHint(total, all.length, matching.length);
}

const sumFindings = capture => Object.values(capture.findings).reduce((sum, n) => sum + n.certain + n.suspect, 0);
const totalFindings = () => current() ? sumFindings(current()) : 0;

const findingsHint = (total, kept, matching) => {
  const ignored = current()?.ignored;
  return shownHint(total, kept, matching) + (ignored ? ` ${count(ignored)} more ignored.` : '');
};

function shownHint(total, kept, matching) {
  if (!state.summary?.captures.length) return 'Nothing has been replayed yet.';
  if (!total) return 'No rule was broken so far.';
  if (!matching) return `None of the ${count(kept)} latest findings matches.`;
  return total > kept ? `${count(total)} in all; the latest ${count(kept)} are kept here, newest first.`
    : `${count(total)} in all, newest first.`;
}

function findingRow(finding, open) {
  const suspect = finding.confidence === 'suspect';
  const row = element('details', {open: open.has(String(finding.id))},
    element('summary', {},
      element('span', {className: `badge ${finding.severity} ${finding.confidence}`,
        textContent: suspect ? 'suspect' : finding.severity}),
      element('span', {className: 'sentence'}, ...sentenceAndFacts(finding.message)),
      element('span', {className: 'when', textContent: `${finding.time.slice(0, -3)} s`}),
      element('span', {className: 'who'},
        ruleLink(finding.rule),
        ' · ', given(finding.device || 'no device'), ' · ', given(`${finding.comm}-${finding.pid}`))),
  );
  row.dataset.id = finding.id;
  row.addEventListener('toggle', () => { if (row.open && !row.dataset.full) fill(row, finding); });
  if (row.open) fill(row, finding);
  const item = element('li', {className: finding.fresh ? 'fresh' : ''}, row);
  finding.fresh = false;
  return item;
}

/* "unmaps 4096 bytes of a mapping of 8192 [dma_addr=0x1000]": what stands in brackets steps back. */
function sentenceAndFacts(message) {
  const bracket = message.indexOf(' [');
  if (bracket < 0) return [given(message)];
  const facts = given(message.slice(bracket + 1));
  facts.classList.add('facts');
  return [given(message.slice(0, bracket)), ' ', facts];
}

/* Leads to the rule's page; what is no rule id stays plain text. */
function ruleLink(rule) {
  const name = given(rule);
  name.classList.add('rule');
  if (!/^[A-Z0-9-]+$/.test(rule)) return name;
  return element('a', {className: 'rule', href: `rules/${rule}`, target: '_blank', textContent: rule});
}

function place(event) {
  return event.companion ? `line ${event.place} of the ${event.companion} file` : `place ${event.place}`;
}

function fill(row, finding) {
  row.dataset.full = 'true';
  const facts = element('dl');
  const fact = (name, value) => facts.append(element('dt', {textContent: name}), given(value, 'dd'));
  for (const earlier of finding.related) {
    fact(earlier.what, `${earlier.time} s by ${earlier.comm}-${earlier.pid} on CPU ${earlier.cpu}, ${place(earlier)}`);
  }
  fact('here', `${finding.time} s by ${finding.comm}-${finding.pid} on CPU ${finding.cpu}, ${place(finding)}, event ${finding.sequence}`);
  fact('address', `${finding.dma_addr}${finding.size ? `, ${bytes(finding.size)}` : ''}, ${finding.direction}`);
  if (finding.because) fact('suspect, because', finding.because);
  row.append(element('div', {className: 'evidence'}, facts));
}

function drawRules() {
  const rules = state.summary.rules.filter(rule => rule.capture === state.capture);
  const most = Math.max(1, ...rules.map(rule => rule.certain + rule.suspect));
  $('rule-list').replaceChildren(...rules.slice(0, RULES_SHOWN).map(rule => {
    const total = rule.certain + rule.suspect;
    const kind = rule.suspect ? `${rule.severity}, ${count(rule.suspect)} suspect` : rule.severity;
    return element('li', {className: rule.severity},
      element('span', {}, ruleLink(rule.rule), element('span', {className: 'hint', textContent: kind})),
      element('span', {textContent: count(total)}),
      element('meter', {max: most, value: total, ariaLabel: `${rule.rule}, ${kind}: ${total}`}));
  }));
  if (!rules.length) $('rule-list').append(element('li', {}, element('p', {className: 'empty', textContent: 'No rule was broken so far.'})));
  const coverage = current()?.rules;
  $('rules-hint').textContent = coverage
    ? `${coverage.checked} checked, ${coverage.not_checked} could not be` : '';
}

const DEVICE_COLUMNS = [
  ['device', 'Device', null],
  ['live_mappings', 'Live', count],
  ['live_bytes', 'Live bytes', bytes],
  ['maps', 'Maps', count],
  ['unmaps', 'Unmaps', count],
  ['map_failures', 'Failed', count],
  ['mapped_bytes', 'Mapped', bytes],
  ['bounced_bytes', 'Bounced', bytes],
  ['p50', 'Life p50 ≤', lifetime],
  ['p99', 'p99 ≤', lifetime],
  ['findings', 'Findings', count],
];
function deviceValue(device, column) {
  if (column !== 'p50' && column !== 'p99') return device[column];
  const {count, [`${column}_at_most`]: bound} = device.lifetime_ns;
  return count ? bound ?? Infinity : undefined;
}
/* Beyond the last bound of the histogram nothing more is known. */
function lifetime(ns) {
  return ns === undefined ? '–' : ns === Infinity ? 'over 100 s' : duration(ns);
}
const devicesOfCapture = () => state.summary.devices.filter(device => device.capture === state.capture);

const isUsed = device => device.maps + device.unmaps + device.map_failures + device.findings
  + device.live_mappings + device.lifetime_ns.count > 0;

function drawDevices() {
  const {column, down} = state.sort;
  const all = devicesOfCapture();
  const devices = all.filter(isUsed).sort((a, b) => {
    const [x, y] = [deviceValue(a, column) ?? -1, deviceValue(b, column) ?? -1];
    return (x < y ? -1 : x > y ? 1 : a.device < b.device ? -1 : 1) * (down ? -1 : 1);
  });
  $('device-rows').replaceChildren(...devices.map(device => element('tr', {},
    ...DEVICE_COLUMNS.map(([name, , format]) => {
      if (name === 'device') return element('th', {scope: 'row'}, given(device.device || 'no device'));
      const value = deviceValue(device, name);
      const tone = name === 'findings' && value ? 'bad' : value ? '' : 'zero';
      return element('td', {className: tone, textContent: format(value)});
    }))));
  if (!devices.length) {
    $('device-rows').append(element('tr', {}, element('td', {colSpan: DEVICE_COLUMNS.length, className: 'empty',
      textContent: 'Devices appear with the first summary of a capture.'})));
  }
  const idle = all.length - devices.length;
  $('devices-hint').textContent = idle ? `${devices.length} in use, ${idle} more seen without a mapping` : '';
}

function drawDeviceHead() {
  $('device-head').replaceChildren(...DEVICE_COLUMNS.map(([name, title]) => {
    const sorted = state.sort.column === name;
    const head = element('th', {scope: 'col'},
      element('button', {type: 'button', textContent: sorted ? `${title} ${state.sort.down ? '↓' : '↑'}` : title,
        onclick: () => {
          state.sort = {column: name, down: sorted ? !state.sort.down : name !== 'device'};
          drawDeviceHead();
          if (state.summary) drawDevices();
          $('device-head').querySelector('[aria-sort] button').focus();
        }}));
    if (sorted) head.setAttribute('aria-sort', state.sort.down ? 'descending' : 'ascending');
    return head;
  }));
}

function drawService() {
  const {quarantined, overflows, captures_retired: retired, replay_lag_records: lag} = state.summary;
  const folded = Object.values(overflows).reduce((sum, n) => sum + n, 0);
  $('service').textContent = [
    lag !== undefined && `replay lag ${count(lag)} records`,
    quarantined && `${count(quarantined)} records in quarantine`,
    folded && `${count(folded)} records counted under “other”`,
    retired && `${count(retired)} captures retired`,
  ].filter(Boolean).join(' · ');
}

/* ---- charts --------------------------------------------------------------------------------- */

const SERIES_COLORS = ['--accent', '--warning', '--error', '--info', '--good', '--soft'];
const charts = new Map();

function drawCharts() {
  const timeline = state.timeline;
  drawChart('chart-events', timeline && eventsData(timeline));
  drawChart('chart-live', timeline && liveData(timeline));
}

/*
 * Cumulative counts become a rate in steps of equal width: neighbouring points may be a microsecond
 * apart, and a rate over that says nothing.
 */
function eventsData({events}) {
  const {timestamp_ns: t, events: n} = events;
  const span = t.at(-1) - t[0];
  if (!(span > 0)) return null;
  const edges = Array.from({length: RATE_STEPS + 1}, (_, i) => t[0] + span * i / RATE_STEPS);
  const counts = edges.map(interpolator(t, n));
  const perSecond = NS * RATE_STEPS / span;
  return {names: ['events/s'], filled: true, stepped: true,
    data: [edges.slice(0, -1).map(ns => ns / NS), counts.slice(1).map((count, i) => (count - counts[i]) * perSecond)]};
}

/* Returns a function that reads y at ascending x, on straight lines between the points. */
function interpolator(xs, ys) {
  let i = 0;
  return x => {
    while (i < xs.length - 2 && xs[i + 1] <= x) i++;
    const part = (x - xs[i]) / (xs[i + 1] - xs[i] || 1);
    return ys[i] + (ys[i + 1] - ys[i]) * Math.min(1, part);
  };
}

function liveData({devices}) {
  const top = devices.filter(device => device.timestamp_ns.length > 1)
    .map(device => ({device, most: Math.max(...device.live_mappings)}))
    .sort((a, b) => b.most - a.most).slice(0, CHART_DEVICES).map(({device}) => device);
  if (!top.length) return null;
  const tables = top.map(device => [device.timestamp_ns.map(ns => ns / NS), device.live_mappings]);
  return {names: top.map(device => device.device || 'no device'), data: uPlot.join(tables), stepped: true};
}

function drawChart(id, wanted) {
  const box = $(id);
  if (!wanted) {
    charts.get(id)?.plot.destroy();
    charts.delete(id);
    if (!box.firstChild) box.append(element('p', {className: 'empty', textContent: 'Nothing to draw yet.'}));
    return;
  }
  const shape = wanted.names.join('\n');
  const known = charts.get(id);
  if (known?.shape === shape) {
    if (known.data !== wanted.data) known.plot.setData(wanted.data);
    return;
  }
  known?.plot.destroy();
  box.replaceChildren();
  charts.set(id, {shape, plot: new uPlot(chartOptions(box, wanted), wanted.data, box)});
}

function chartOptions(box, {names, stepped, filled}) {
  const axis = {stroke: resolved('--soft'), font: `12px ${getComputedStyle(document.body).fontFamily}`,
    grid: {stroke: resolved('--line'), width: 1}, ticks: {show: false}};
  return {
    width: box.clientWidth, height: CHART_HEIGHT,
    scales: {x: {time: false}, y: {range: (plot, low, high) => [0, high > 0 ? high * 1.08 : 1]}},
    cursor: {y: false, points: {size: 6}},
    axes: [{...axis, size: 32, values: (plot, ticks) => ticks.map(s => `${Number(s.toFixed(6))} s`)},
      {...axis, size: 56, values: (plot, ticks) => ticks.map(n => short.format(n))}],
    series: [{label: 'time', value: (plot, s) => s === null ? '–' : `${s.toFixed(3)} s`},
      ...names.map((label, i) => {
        const stroke = resolved(SERIES_COLORS[i % SERIES_COLORS.length]);
        return {label, stroke, width: 1.6, spanGaps: true, points: {show: false},
          fill: filled ? stroke.replace('rgb(', 'rgba(').replace(')', ', .13)') : undefined,
          paths: stepped ? uPlot.paths.stepped({align: 1}) : undefined,
          value: (plot, n) => n === null || n === undefined ? '–' : count(n)};
      })],
  };
}

function redrawCharts() {
  for (const {plot} of charts.values()) plot.destroy();
  charts.clear();
  drawCharts();
}

/* ---- what the reader does ------------------------------------------------------------------- */

function isDark() {
  const theme = document.documentElement.dataset.theme;
  return theme ? theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
}
function nameTheme() { $('theme').textContent = isDark() ? 'Light' : 'Dark'; }
function applyTheme(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
  nameTheme();
  redrawCharts();
}

function listen() {
  $('capture').addEventListener('change', event => { select(event.target.value, true); refresh(); });
  $('theme').addEventListener('click', () => {
    const theme = isDark() ? 'light' : 'dark';
    localStorage.setItem('theme', theme);
    applyTheme(theme);
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => applyTheme());
  $('search').addEventListener('input', event => {
    state.search = event.target.value.trim().toLowerCase();
    state.shown = FINDINGS_SHOWN;
    drawFindings();
  });
  for (const button of document.querySelectorAll('[data-filter]')) {
    button.addEventListener('click', () => {
      const on = button.getAttribute('aria-pressed') !== 'true';
      button.setAttribute('aria-pressed', on);
      if (on) state.filters.add(button.dataset.filter); else state.filters.delete(button.dataset.filter);
      drawFindings();
    });
  }
  $('more').addEventListener('click', () => { state.shown += FINDINGS_SHOWN; drawFindings(); });
  let width = 0;
  new ResizeObserver(([box]) => {
    if (box.contentRect.width === width) return; // the legend made it higher
    width = box.contentRect.width;
    redrawCharts();
  }).observe($('chart-events'));
}

let timer = 0;
let retryMs = POLL_MS;
async function refresh() {
  clearTimeout(timer);
  let waitMs = POLL_MS;
  try {
    if (!document.hidden) await poll();
    retryMs = POLL_MS;
  } catch (error) {
    console.warn(error);
    drawStatus();
    retryMs = waitMs = Math.min(retryMs * 2, RETRY_MS_MAX);
  }
  clearTimeout(timer);
  timer = setTimeout(refresh, waitMs);
}

applyTheme(localStorage.getItem('theme'));
drawDeviceHead();
listen();
document.addEventListener('visibilitychange', () => { if (!document.hidden) refresh(); });
refresh();
