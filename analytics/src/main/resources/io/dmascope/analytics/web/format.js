'use strict';
/* How numbers, times and names are written, everywhere on the page. */
window.dmascope = {};

dmascope.format = (() => {
  const whole = new Intl.NumberFormat('en', {maximumFractionDigits: 0});
  const short = new Intl.NumberFormat('en', {notation: 'compact', maximumSignificantDigits: 3});

  function count(n) {
    return Math.abs(n) < 100000 ? whole.format(n) : short.format(n);
  }

  function bytes(n) {
    const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
    let unit = 0;
    while (n >= 1024 && unit < units.length - 1) { n /= 1024; unit++; }
    return `${n >= 100 || Number.isInteger(n) ? Math.round(n) : n.toPrecision(3)} ${units[unit]}`;
  }

  /* Three digits: 17 µs, 4.25 ms, 1.2 s, 3 min. */
  function duration(ns) {
    if (ns === 0) return '0 s';
    const steps = [[1e3, 'ns', 1], [1e6, 'µs', 1e3], [1e9, 'ms', 1e6], [120e9, 's', 1e9], [7200e9, 'min', 60e9]];
    const [, unit, one] = steps.find(([below]) => Math.abs(ns) < below) || [0, 'h', 3600e9];
    return `${Number((ns / one).toPrecision(3))} ${unit}`;
  }

  /* A moment of a capture: its own clock in seconds, to the microsecond, as the kernel prints it. */
  function moment(beginNs, offsetNs) {
    const ns = BigInt(beginNs) + BigInt(Math.round(offsetNs));
    const micros = (ns / 1000n) % 1000000n;
    return `${ns / 1000000000n}.${String(micros).padStart(6, '0')} s`;
  }

  /* Text from a trace: control characters are shown, not obeyed, and it cannot reorder its neighbours. */
  function given(text) {
    return String(text).replace(
      /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g,
      c => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'));
  }

  function plural(n, one, many = one + 's') {
    return `${count(n)} ${n === 1 ? one : many}`;
  }

  /* A word for the shell: quoted where it has to be. */
  function shellWord(text) {
    return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
  }

  return {count, bytes, duration, moment, given, plural, shellWord};
})();
