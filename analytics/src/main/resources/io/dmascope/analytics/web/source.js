'use strict';
/*
 * Where documents come from: the service that serves this page, or this very file where it is a report.
 * Both answer the same questions (docs/api.md); a report answers them from what it carries.
 */
dmascope.source = (() => {
  const RETRY_MS_MAX = 10000;
  const embedded = document.getElementById('report');
  const live = embedded === null;
  const changed = new Set();
  const status = {state: 'connecting', answeredMs: 0};
  let carried = null;

  async function get(path, params = {}) {
    return live ? ask(path, params) : fromReport(path, params);
  }

  /* ---- the service ---- */

  async function ask(path, params) {
    const query = new URLSearchParams(
      Object.entries(params).filter(([, value]) => value !== undefined && value !== '').map(([k, v]) => [k, String(v)]));
    try {
      const answer = await fetch(`api/v1/${path}?${query}`);
      if (answer.status === 404) throw new Error('the service knows nothing of this; it may have been retired');
      if (!answer.ok) throw new Error(`the service answered ${answer.status}`);
      const document = await answer.json();
      note('live');
      return document;
    } catch (error) {
      if (error instanceof TypeError) {
        note('lost');
        throw new Error('the service does not answer');
      }
      throw error;
    }
  }

  function note(state) {
    status.state = state;
    if (state === 'live') status.answeredMs = Date.now();
  }

  function listen() {
    let retryMs = 500;
    const connect = () => {
      const stream = new EventSource('api/v1/changes');
      stream.onmessage = () => {
        retryMs = 500;
        note('live');
        changed.forEach(listener => listener());
      };
      stream.onerror = () => {
        stream.close();
        note('lost');
        changed.forEach(listener => listener());
        setTimeout(connect, retryMs);
        retryMs = Math.min(2 * retryMs, RETRY_MS_MAX);
      };
    };
    connect();
  }

  /* ---- the report ---- */

  async function unpack() {
    const packed = Uint8Array.from(atob(embedded.textContent.trim()), c => c.charCodeAt(0));
    const plain = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
    return JSON.parse(await new Response(plain).text());
  }

  async function fromReport(path, params) {
    carried ??= unpack();
    const {documents} = await carried;
    const key = params.capture !== undefined ? `${path} ${params.capture}`
      : params.rule !== undefined ? `${path} ${params.rule}` : path;
    const document = documents[key];
    if (!document) throw new Error('this report does not carry that');
    if (path === 'mappings') return mappingsOf(document, params);
    return document;
  }

  /* As the service selects them: of a device, between two moments, at most so many. */
  function mappingsOf(all, {device = '', from = 0, to = Infinity, limit = 20000}) {
    const wanted = device === '' ? -1 : all.names.indexOf(device);
    const rows = [];
    for (let i = 0; i < all.device.length; i++) {
      const start = all.mapped_offset_ns[i];
      if ((device === '' || all.device[i] === wanted) && start <= to && start + all.lifetime_ns[i] >= from) rows.push(i);
    }
    const step = Math.max(1, Math.ceil(rows.length / limit));
    const picked = rows.filter((_, i) => i % step === 0);
    const answer = {...all, matching: rows.length};
    for (const [name, column] of Object.entries(all)) {
      if (Array.isArray(column) && name !== 'names') answer[name] = picked.map(i => column[i]);
    }
    return answer;
  }

  /* The lines of the recording around an event, where they are carried: only a report has read the file. */
  async function lines(capture, sequence) {
    if (live) return [];
    carried ??= unpack();
    const {lines: all} = await carried;
    return all[capture]?.[sequence] || [];
  }

  async function made() {
    if (live) return '';
    carried ??= unpack();
    return (await carried).made;
  }

  if (live) listen();
  else status.state = 'report';
  return {
    live, get, lines, made, status,
    onChange: listener => (changed.add(listener), () => changed.delete(listener)),
  };
})();
