'use strict';
/*
 * What was at this address? Addresses against time for one device: a rectangle a mapping, from its map to its
 * unmap and from its first byte to its last. Address space is mostly empty, so that gaps are folded: what lies
 * near each other is drawn to scale, and a thin line stands for what lies between.
 */
dmascope.addressMap = (() => {
  const {html, useEffect, useRef, useState, useMemo} = htmPreact;
  const {format, place, parts, ruler} = dmascope;
  const {Given, useDocument, Awaiting, colour} = parts;

  const ROWS_MAX = 100000;
  const HEIGHT = 460;
  const FOLD = 16; // a gap of so many median sizes is folded
  const GAP_PX = 5;
  const TABLE_ROWS = 200;
  const DIRECTIONS = {TO_DEVICE: '--to-device', FROM_DEVICE: '--from-device', BIDIRECTIONAL: '--both-ways', NONE: '--soft'};

  /* Segments of addresses that are drawn to scale, lowest first, in doubles: 53 bits are enough for a picture. */
  function fold(starts, sizes) {
    const order = starts.map((_, i) => i).sort((a, b) => starts[a] - starts[b]);
    const median = [...sizes].sort((a, b) => a - b)[sizes.length >> 1] || 4096;
    const gap = Math.max(4096, FOLD * median);
    const segments = [];
    for (const i of order) {
      const end = starts[i] + Math.max(1, sizes[i]);
      const last = segments.at(-1);
      if (last && starts[i] - last.end <= gap) last.end = Math.max(last.end, end);
      else segments.push({start: starts[i], end});
    }
    return segments;
  }

  /* Where each segment is drawn: height by the root of its size, so that a page is seen beside a gigabyte. */
  function lay(segments, height) {
    const room = Math.max(height / 3, height - GAP_PX * (segments.length - 1));
    const gap = segments.length > 1 ? (height - room) / (segments.length - 1) : 0;
    const weights = segments.map(({start, end}) => Math.sqrt(end - start));
    const sum = weights.reduce((a, b) => a + b, 0);
    let y = height;
    return segments.map((segment, i) => {
      const tall = weights[i] / sum * room;
      y -= tall;
      const laid = {...segment, top: y, tall};
      y -= gap;
      return laid;
    });
  }

  function segmentOf(laid, addr) {
    let low = 0;
    let high = laid.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (laid[middle].start <= addr) low = middle; else high = middle - 1;
    }
    return laid[low];
  }

  function yOf(laid, addr) {
    const segment = segmentOf(laid, addr);
    const part = Math.min(1, Math.max(0, (addr - segment.start) / (segment.end - segment.start)));
    return segment.top + (1 - part) * segment.tall;
  }

  class Drawing {
    constructor(canvas) {
      this.canvas = canvas;
      this.frame = 0;
    }

    show(picture) {
      this.picture = picture;
      cancelAnimationFrame(this.frame);
      this.frame = requestAnimationFrame(() => this.draw());
    }

    draw() {
      const {canvas, picture: {mappings, starts, laid, shown, marks, picked}} = this;
      const scale = devicePixelRatio || 1;
      const width = canvas.clientWidth;
      if (canvas.width !== Math.round(width * scale)) canvas.width = Math.round(width * scale);
      if (canvas.height !== Math.round(HEIGHT * scale)) canvas.height = Math.round(HEIGHT * scale);
      const g = canvas.getContext('2d');
      g.setTransform(scale, 0, 0, scale, 0, 0);
      g.clearRect(0, 0, width, HEIGHT);
      const perNs = width / (shown.to - shown.from);
      g.fillStyle = colour('--line');
      laid.forEach(({top, tall}, i) => { if (i < laid.length - 1) g.fillRect(0, top - GAP_PX / 2, width, 0.5); });
      this.boxes = new Float64Array(4 * mappings.device.length);
      /* One colour after the other: to change it costs more than to draw. */
      for (const [direction, name] of Object.entries(DIRECTIONS)) {
        g.fillStyle = colour(name);
        for (let i = 0; i < mappings.device.length; i++) {
          if (mappings.names[mappings.direction[i]] !== direction) continue;
          const x = (mappings.mapped_offset_ns[i] - shown.from) * perNs;
          const wide = Math.max(1, mappings.lifetime_ns[i] * perNs);
          if (x > width || x + wide < 0) continue;
          const low = yOf(laid, starts[i]);
          const high = yOf(laid, starts[i] + mappings.size[i]);
          const tall = Math.max(1.5, low - high);
          g.fillRect(x, low - tall, wide, tall);
          this.boxes.set([x, low - tall, wide, tall], 4 * i);
        }
      }
      this.labels(g, laid);
      if (picked >= 0 && this.boxes[4 * picked + 2] > 0) {
        const [x, y, wide, tall] = this.boxes.subarray(4 * picked, 4 * picked + 4);
        g.strokeStyle = colour('--ink');
        g.lineWidth = 2;
        g.strokeRect(x - 1, y - 1, wide + 2, tall + 2);
      }
      g.font = '14px system-ui';
      g.textAlign = 'center';
      for (const mark of marks) {
        const x = (mark.offset_ns - shown.from) * perNs;
        if (x < -8 || x > width + 8) continue;
        g.fillStyle = colour(`--${mark.severity.toLowerCase()}`);
        g.fillText(parts.SHAPES[mark.severity.toLowerCase()], x, yOf(laid, Number(BigInt(mark.dma_addr))) + 5);
      }
      this.drawnMs = performance.now();
    }

    /* The first address of each segment that has room for it. */
    labels(g, laid) {
      g.font = '11px ui-monospace, monospace';
      g.textAlign = 'left';
      let lowest = Infinity;
      for (const {start, top, tall} of laid) {
        const y = top + tall - 3;
        if (lowest - y < 13) continue;
        const text = '0x' + start.toString(16);
        g.fillStyle = colour('--card');
        g.globalAlpha = 0.75;
        g.fillRect(2, y - 9, g.measureText(text).width + 6, 12);
        g.globalAlpha = 1;
        g.fillStyle = colour('--soft');
        g.fillText(text, 5, y);
        lowest = y;
      }
    }

    /* The mapping nearest to a point, not further away than a finger is wide; -1 where there is none. */
    at(x, y) {
      let best = -1;
      let bestDistance = 12;
      for (let i = 0; this.boxes && i < this.boxes.length / 4; i++) {
        const [left, top, wide, tall] = this.boxes.subarray(4 * i, 4 * i + 4);
        if (wide === 0) continue;
        const distance = Math.max(left - x, x - left - wide, 0) + Math.max(top - y, y - top - tall, 0);
        if (distance < bestDistance) { best = i; bestDistance = distance; }
      }
      return best;
    }
  }

  function describe(mappings, i, row) {
    const size = mappings.size[i];
    const end = BigInt(mappings.dma_addr[i]) + BigInt(size);
    return [
      ['address', `${mappings.dma_addr[i]} to 0x${end.toString(16)}, ${format.bytes(size)}`],
      ['kind', `${mappings.names[mappings.kind[i]]}, ${mappings.names[mappings.direction[i]]}${mappings.entries_in[i] > 1
        ? `, ${mappings.entries_in[i]} entries in and ${mappings.entries_out[i]} out` : ''}`],
      ['mapped', `${format.moment(row.begin_ns, mappings.mapped_offset_ns[i])} by ${format.given(mappings.names[mappings.task[i]])}, event ${mappings.mapped_sequence[i]}`],
      ['unmapped', `${format.moment(row.begin_ns, mappings.mapped_offset_ns[i] + mappings.lifetime_ns[i])}, event ${mappings.unmapped_sequence[i]}`],
      ['lived', format.duration(mappings.lifetime_ns[i])],
    ];
  }

  function faultCommand(row, device, mappings, i) {
    const ns = BigInt(row.begin_ns) + BigInt(mappings.mapped_offset_ns[i] + mappings.lifetime_ns[i]);
    return `dmascope fault --device ${format.shellWord(device)} --address ${mappings.dma_addr[i]} --time ${ns / 1000000000n}.${String(ns % 1000000000n).padStart(9, '0')} ${format.shellWord(row.file || row.capture)}`;
  }

  function Addresses({row, params, findings}) {
    const devices = [...row.devices].sort((a, b) => b.maps - a.maps);
    const device = devices.some(each => each.device === params.device) ? params.device : devices[0]?.device ?? '';
    const shown = ruler.range(params, row.duration_ns);
    const {document: mappings, error, isOfNow} = useDocument('mappings',
      {capture: row.capture, device, from: Math.floor(shown.from), to: Math.ceil(shown.to), limit: ROWS_MAX});
    const [picked, setPicked] = useState(-1);
    const canvas = useRef(null);
    const drawing = useRef(null);
    const drag = useRef(null);
    const marks = findings.filter(each => each.device === device);
    const picture = useMemo(() => {
      if (!mappings || mappings.device.length === 0) return null;
      const starts = mappings.dma_addr.map(addr => Number(BigInt(addr)));
      return {mappings, starts, laid: lay(fold(starts, mappings.size), HEIGHT)};
    }, [mappings]);
    useEffect(() => setPicked(-1), [mappings]);
    useEffect(() => {
      if (!picture || !canvas.current) return;
      if (drawing.current?.canvas !== canvas.current) drawing.current = new Drawing(canvas.current);
      drawing.current.show({...picture, shown, marks, picked});
    });
    useEffect(() => {
      if (!canvas.current) return undefined;
      const again = new ResizeObserver(() => drawing.current?.draw());
      again.observe(canvas.current);
      return () => again.disconnect();
    }, [picture === null]);
    ruler.useWheel(canvas, shown);

    const pointer = {
      onPointerDown: event => { drag.current = {x: event.offsetX, from: shown.from, to: shown.to, moved: false}; event.target.setPointerCapture(event.pointerId); },
      onPointerMove: event => {
        const d = drag.current;
        if (!d) return;
        const by = event.offsetX - d.x;
        d.moved ||= Math.abs(by) > 3;
        if (d.moved) {
          const ns = -by / canvas.current.clientWidth * (d.to - d.from);
          ruler.set(shown, d.from + ns, d.to + ns);
        }
      },
      onPointerUp: event => {
        if (drag.current && !drag.current.moved) setPicked(drawing.current.at(event.offsetX, event.offsetY));
        drag.current = null;
      },
    };
    const step = event => {
      const by = {ArrowRight: 1, ArrowLeft: -1}[event.key];
      if (!by || !mappings) return;
      event.preventDefault();
      setPicked(Math.min(Math.max(picked + by, 0), mappings.device.length - 1));
    };

    return html`<section class="card" aria-labelledby="map-title">
      <div class="head-row"><h2 id="map-title" class="unseen">Addresses over time</h2>
        <label>device <select value=${device} onChange=${event => place.change({device: event.target.value})}>
          ${devices.map(each => html`<option key=${each.device} value=${each.device}>${format.given(each.device || '(no name)')}</option>`)}</select></label>
        <ul class="legend">${Object.entries(DIRECTIONS).slice(0, 3).map(([name, token]) => html`
          <li key=${name}><span class="swatch" style=${{background: `var(${token})`}}></span>${name}</li>`)}</ul>
        <span class="hint" role="status">${!mappings ? '' : `${format.plural(mappings.matching, 'mapping')} in this range${mappings.device.length < mappings.matching
          ? `, ${format.count(mappings.device.length)} drawn` : ''}${mappings.kept_one_of > 1 ? `; one of ${mappings.kept_one_of} was kept` : ''}${isOfNow ? '' : ' …'}`}</span>
      </div>
      <${ruler.Ruler} beginNs=${row.begin_ns} shown=${shown} plain=${true}/>
      ${picture ? html`<canvas ref=${canvas} class="map" style=${{height: `${HEIGHT}px`}} tabindex="0" role="application" onKeyDown=${step} ...${pointer}
          aria-label="Mappings by address and time: drag to move, w and s to look closer or wider, arrow keys go from mapping to mapping; the table below says the same"></canvas>`
        : html`<p class="empty">${mappings ? 'No mapping of this device ended in this range.' : html`<${Awaiting} what="Waiting for the mappings" error=${error}/>`}</p>`}
      ${picked >= 0 && mappings && picked < mappings.device.length ? html`<div class="picked" role="status">
        <dl class="facts">${describe(mappings, picked, row).map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
        <${parts.Copy} text=${faultCommand(row, device, mappings, picked)}>Copy the fault command<//></div>` : null}
      ${mappings && mappings.device.length ? html`<details><summary>The same as a table</summary>
        <div class="wide" tabindex="0" role="region" aria-label="Mappings"><table><caption class="unseen">Mappings in this range</caption>
          <thead><tr><th scope="col">Address</th><th scope="col" class="number">Size</th><th scope="col">Direction</th><th scope="col">Kind</th>
            <th scope="col">Mapped</th><th scope="col" class="number">Lived</th><th scope="col">Task</th></tr></thead>
          <tbody>${mappings.dma_addr.slice(0, TABLE_ROWS).map((addr, i) => html`<tr key=${i}><td><code>${addr}</code></td><td class="number">${format.bytes(mappings.size[i])}</td>
            <td>${mappings.names[mappings.direction[i]]}</td><td>${mappings.names[mappings.kind[i]]}</td><td>${format.moment(row.begin_ns, mappings.mapped_offset_ns[i])}</td>
            <td class="number">${format.duration(mappings.lifetime_ns[i])}</td><td><${Given} text=${mappings.names[mappings.task[i]]}/></td></tr>`)}</tbody></table></div>
        ${mappings.device.length > TABLE_ROWS ? html`<p class="hint">the first ${TABLE_ROWS} of ${format.count(mappings.device.length)}</p>` : null}</details>` : null}
    </section>`;
  }

  return {Addresses, fold, lay};
})();
