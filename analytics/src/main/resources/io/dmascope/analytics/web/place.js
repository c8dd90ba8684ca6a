'use strict';
/*
 * Where the reader is: a view and its parameters, all in the address after the hash, so that whatever is
 * seen can be sent to a colleague and the browser's back and forward work.
 */
dmascope.place = (() => {
  const listeners = new Set();

  function parse(hash) {
    const [path, query = ''] = hash.replace(/^#\/?/, '').split('?');
    return {view: path || 'fleet', params: Object.fromEntries(new URLSearchParams(query))};
  }

  function now() {
    return parse(location.hash);
  }

  function link(view, params = {}) {
    const kept = Object.entries(params).filter(([, value]) => value !== '' && value !== null && value !== undefined);
    const query = new URLSearchParams(kept.map(([name, value]) => [name, String(value)])).toString();
    return `#/${view}${query ? '?' + query : ''}`;
  }

  /* replace: the way back need not pass by here (a filter that is being typed, a range that is being dragged). */
  function go(view, params, {replace = false} = {}) {
    const to = link(view, params);
    if (to === location.hash) return;
    if (replace) {
      history.replaceState(null, '', to);
      tell();
    } else {
      location.hash = to; // the event tells
    }
  }

  /* The same view with some parameters changed; an empty value takes one away. */
  function change(params, options) {
    const here = now();
    go(here.view, {...here.params, ...params}, options);
  }

  function tell() {
    listeners.forEach(listener => listener(now()));
  }

  window.addEventListener('hashchange', tell);
  return {now, link, go, change, listen: listener => (listeners.add(listener), () => listeners.delete(listener))};
})();
