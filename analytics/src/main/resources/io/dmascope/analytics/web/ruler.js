'use strict';
/*
 * One time ruler for a whole view: a range in the address, changed by dragging over a lane, by the wheel, by
 * w and s (closer, wider) and a and d (earlier, later), and by buttons that say what they do.
 */
dmascope.ruler = (() => {
  const {html, useEffect, useRef} = htmPreact;
  const {format, place} = dmascope;
  const ZOOM = 1.6;
  const SPAN_NS_MIN = 1000;

  /* The range that is shown, in ns since the begin of the capture. */
  function range(params, durationNs) {
    const whole = Math.max(1000, durationNs);
    const from = Number(params.from ?? 0);
    const to = Number(params.to ?? whole);
    return from < to ? {from, to, whole} : {from: 0, to: whole, whole};
  }

  function set({whole}, from, to) {
    const span = Math.min(Math.max(to - from, SPAN_NS_MIN), whole);
    const begin = Math.round(Math.min(Math.max(from, 0), whole - span));
    const all = begin <= 0 && span >= whole;
    place.change({from: all ? '' : begin, to: all ? '' : Math.round(begin + span)}, {replace: true});
  }

  function zoom(shown, factor, at = (shown.from + shown.to) / 2) {
    set(shown, at - (at - shown.from) / factor, at + (shown.to - at) / factor);
  }

  function shift(shown, part) {
    const by = (shown.to - shown.from) * part;
    set(shown, shown.from + by, shown.to + by);
  }

  const KEYS = {
    w: shown => zoom(shown, ZOOM), s: shown => zoom(shown, 1 / ZOOM),
    a: shown => shift(shown, -0.25), d: shown => shift(shown, 0.25),
    0: shown => set(shown, 0, shown.whole),
  };

  /* Ticks at round steps of 1, 2 or 5. */
  function ticks({from, to}, countMax) {
    const rough = (to - from) / countMax;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map(n => n * power).find(n => n >= rough);
    const all = [];
    for (let at = Math.ceil(from / step) * step; at <= to; at += step) all.push(at);
    return all;
  }

  /* The wheel over a lane: it must not scroll the page as well. Only with a key held, or the page could not be scrolled. */
  function useWheel(ref, shown) {
    const latest = useRef(shown);
    latest.current = shown;
    useEffect(() => {
      const node = ref.current;
      if (!node) return undefined;
      const wheel = event => {
        if (!event.ctrlKey && !event.shiftKey && !event.metaKey) return;
        event.preventDefault();
        const box = node.getBoundingClientRect();
        const s = latest.current;
        const at = s.from + (event.clientX - box.left) / box.width * (s.to - s.from);
        zoom(s, (event.deltaY || event.deltaX) < 0 ? ZOOM : 1 / ZOOM, at);
      };
      node.addEventListener('wheel', wheel, {passive: false});
      return () => node.removeEventListener('wheel', wheel);
    }, []);
  }

  /* plain: no column of names stands before the lanes. */
  function Ruler({beginNs, shown, plain = false}) {
    const isWhole = shown.from <= 0 && shown.to >= shown.whole;
    return html`<div class=${plain ? 'ruler plain' : 'ruler'}>
      <div class="ruler-buttons" role="group" aria-label="Time range">
        <button type="button" onClick=${() => KEYS.w(shown)} title="closer (w)">+</button>
        <button type="button" onClick=${() => KEYS.s(shown)} title="wider (s)">−</button>
        <button type="button" onClick=${() => KEYS.a(shown)} title="earlier (a)">◂</button>
        <button type="button" onClick=${() => KEYS.d(shown)} title="later (d)">▸</button>
        <button type="button" onClick=${() => KEYS[0](shown)} disabled=${isWhole} title="the whole capture (0)">all</button>
        <span class="hint" role="status">${format.moment(beginNs, shown.from)} + ${format.duration(shown.to - shown.from)}</span>
      </div>
      <div class="ticks" aria-hidden="true">${ticks(shown, 6).map(at => html`
        <span key=${at} style=${{left: `${(at - shown.from) / (shown.to - shown.from) * 100}%`}}>+${format.duration(at)}</span>`)}</div>
    </div>`;
  }

  return {range, set, zoom, shift, KEYS, Ruler, useWheel};
})();
