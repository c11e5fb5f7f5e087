// Moves what the server has made. Everything is there without it.
'use strict';

const pause = document.getElementById('pause');
const banner = document.getElementById('banner');
const WIDTH = 300;
const HEIGHT = 60;

let source = null;
let isPaused = false;

/** What an event says, by the names in the page. */
function named(overview) {
  const second = overview.second;
  return {
    not_ready: overview.not_ready || '',
    checkpoints_fail: overview.checkpoints_fail || '',
    active_requests: overview.active_requests,
    connections: overview.connections,
    refused: overview.refused,
    locks: overview.locks,
    held: overview.held,
    waiting: overview.waiting,
    requests: second.requests,
    commits: second.commits,
    roll_backs: second.roll_backs,
    wait: Math.round(second.wait_microseconds / 1000),
    unavailable: second.unavailable,
  };
}

/** The values of a chart, read from what the server has drawn. */
const charts = new Map();
for (const figure of document.querySelectorAll('[data-chart]')) {
  const line = figure.querySelector('polyline');
  const highest = Number(figure.querySelector('[data-highest]').textContent);
  const scale = (HEIGHT - 4) / Math.max(highest, 1);
  const points = line.getAttribute('points').split(' ').filter(Boolean);
  const values = points.map((point) => (HEIGHT - 2 - Number(point.split(',')[1])) / scale);
  charts.set(figure.dataset.chart, { figure, line, values });
}

function draw(chart, value) {
  chart.values.push(value);
  if (chart.values.length > WIDTH) {
    chart.values.shift();
  }
  const highest = Math.max(...chart.values);
  const scale = (HEIGHT - 4) / Math.max(highest, 1);
  const start = WIDTH - chart.values.length;
  const points = chart.values.map((it, second) => `${start + second},${(HEIGHT - 2 - it * scale).toFixed(1)}`);
  chart.line.setAttribute('points', points.join(' '));
  chart.figure.querySelector('[data-highest]').textContent = highest.toFixed(0);
}

let events = 0;

async function show(event) {
  const values = named(JSON.parse(event.data));
  for (const element of document.querySelectorAll('[data-live]')) {
    const text = String(values[element.dataset.live]);
    if (element.textContent !== text) {
      element.textContent = text;
    }
  }
  banner.hidden = values.not_ready === '';
  document.getElementById('unsaved').hidden = values.checkpoints_fail === '';
  for (const [name, chart] of charts) {
    draw(chart, values[name]);
  }
  events += 1;
  if (events % 2 === 0) {
    await refresh();
  }
}

/** Replaces the table of the page by a new one, unless somebody is in it. */
async function refresh() {
  const old = document.getElementById('refresh');
  if (!old || (old.contains(document.activeElement) && document.activeElement !== old)) {
    return;
  }
  const response = await fetch(location.href, { headers: { accept: 'text/html' }, redirect: 'manual' });
  if (!response.ok || isPaused) {
    return;
  }
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  const fresh = page.getElementById('refresh');
  if (fresh && fresh.innerHTML !== old.innerHTML) {
    // The place to which somebody has scrolled, and the focus, stay.
    old.replaceChildren(...fresh.childNodes);
  }
}

function open() {
  if (!source && !isPaused && !document.hidden) {
    source = new EventSource('events');
    source.addEventListener('overview', show);
  }
}

function close() {
  if (source) {
    source.close();
    source = null;
  }
}

pause.hidden = false;
pause.addEventListener('click', () => {
  isPaused = !isPaused;
  pause.textContent = isPaused ? 'Go on' : 'Pause';
  if (isPaused) {
    close();
  } else {
    open();
  }
});

// A browser has six connections for one origin: tabs that nobody sees need none.
document.addEventListener('visibilitychange', () => (document.hidden ? close() : open()));
open();
