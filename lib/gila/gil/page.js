"use strict";
// Draws the timeline. Where many slices share a pixel it draws their shares: running from below,
// waiting from above. Nothing is loaded; the data stands in the page.
(() => {
  const RUNNING = 0, WAITING = 1, BLOCKED = 2, STOPPED = 3, TOGETHER = 4;
  const KINDS = ["running", "waiting", "blocked", "stopped"];
  const WORDS = ["running", "waiting", "in the call of", "stopped", "many short ones"];
  const ROW = 26, TOP = 24, PAD = 3;
  const by = id => document.getElementById(id);
  const data = JSON.parse(by("data").textContent);
  const canvas = by("canvas"), overview = by("overview"), tip = by("tip"), names = by("names");
  const whole = Math.max(1, data.end);

  // Starts, ends and shares of each track as arrays, so that a search and a walk are quick.
  const tracks = data.tracks.map(track => {
    const count = track.slices.length / 4;
    const start = new Float64Array(count), end = new Float64Array(count), kind = new Uint8Array(count), detail = new Uint32Array(count);
    let at = 0;
    for (let i = 0; i < count; i++) {
      start[i] = at += track.slices[4 * i];
      end[i] = at += track.slices[4 * i + 1];
      kind[i] = track.slices[4 * i + 2];
      detail[i] = track.slices[4 * i + 3];
    }
    return {name: track.name, count, start, end, kind, detail};
  });

  let from = 0, to = whole, chosen = 0, slice = -1, colors = {}, asked = false;

  function readColors() {
    const style = getComputedStyle(document.documentElement);
    for (const name of ["ground", "card", "text", "quiet", "line", "accent", ...KINDS, ...KINDS.map(k => "on-" + k)])
      colors[name] = style.getPropertyValue("--" + name).trim();
  }

  function time(us, step) {
    const range = step === undefined ? us : step * 10;
    if (range >= 1e6) return (us / 1e6).toFixed(step === undefined || step < 1e6 ? (step !== undefined && step < 1e5 ? 3 : 2) : 0) + " s";
    if (step !== undefined && us >= 1e6) return (us / 1e6).toFixed(Math.max(0, 6 - Math.floor(Math.log10(step)))) + " s";
    if (range >= 1e3) return (us / 1e3).toFixed(step === undefined ? 2 : step < 1e3 ? 1 : 0) + " ms";
    return us.toFixed(0) + " µs";
  }

  // The first slice that ends after a moment.
  function first(track, moment) {
    let low = 0, high = track.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (track.end[middle] <= moment) low = middle + 1; else high = middle;
    }
    return low;
  }

  // Shares of each kind for each of `width` columns between two moments: 4 numbers a column.
  function shares(track, begin, stop, width, out) {
    out.fill(0);
    const scale = width / (stop - begin);
    const add = (column, kind, detail, part) => {
      if (kind === TOGETHER) for (let k = 0; k < 4; k++) out[4 * column + k] += part * data.details[detail][k] / 100;
      else out[4 * column + kind] += part;
    };
    for (let i = first(track, begin); i < track.count && track.start[i] < stop; i++) {
      const a = Math.max(0, (track.start[i] - begin) * scale), b = Math.min(width, (track.end[i] - begin) * scale);
      const left = Math.min(width - 1, Math.floor(a)), right = Math.min(width - 1, Math.floor(b));
      if (left === right) add(left, track.kind[i], track.detail[i], b - a);
      else {
        add(left, track.kind[i], track.detail[i], left + 1 - a);
        for (let x = left + 1; x < right; x++) add(x, track.kind[i], track.detail[i], 1);
        add(right, track.kind[i], track.detail[i], b - right);
      }
    }
    return out;
  }

  function prepare(surface, height) {
    const ratio = Math.min(3, window.devicePixelRatio || 1), width = Math.max(50, Math.floor(surface.clientWidth));
    if (surface.width !== Math.round(width * ratio) || surface.height !== Math.round(height * ratio)) {
      surface.width = Math.round(width * ratio);
      surface.height = Math.round(height * ratio);
    }
    const pen = surface.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    return {pen, width, height};
  }

  function hatch(pen) {
    const tile = document.createElement("canvas");
    tile.width = tile.height = 8;
    const brush = tile.getContext("2d");
    brush.fillStyle = colors.waiting;
    brush.fillRect(0, 0, 8, 8);
    brush.strokeStyle = colors.ground;
    brush.globalAlpha = 0.28;
    brush.lineWidth = 2;
    for (const shift of [-8, 0, 8]) {
      brush.beginPath();
      brush.moveTo(shift, 8);
      brush.lineTo(shift + 8, 0);
      brush.stroke();
    }
    return pen.createPattern(tile, "repeat");
  }

  function drawRow(pen, track, y, width, fills, buffer) {
    const height = ROW - 2 * PAD, columns = shares(track, from, to, width, buffer);
    const order = [RUNNING, STOPPED, BLOCKED, WAITING];
    // Columns of one kind are one rectangle; others are stacked.
    for (let x = 0; x < width;) {
      let pure = -1;
      for (let k = 0; k < 4; k++) if (columns[4 * x + k] > 0.97) pure = k;
      let end = x + 1;
      if (pure >= 0) {
        while (end < width && columns[4 * end + pure] > 0.97) end++;
        pen.fillStyle = fills[pure];
        pen.fillRect(x, y + PAD, end - x, height);
      } else {
        let bottom = y + PAD + height;
        for (const k of order) {
          const part = columns[4 * x + k] * height;
          if (part <= 0) continue;
          pen.fillStyle = fills[k];
          pen.fillRect(x, bottom - part, 1, part);
          bottom -= part;
        }
      }
      x = end;
    }
    // Names in slices that have room for them.
    const scale = width / (to - from);
    let labels = 0;
    for (let i = first(track, from); i < track.count && track.start[i] < to && labels < 400; i++) {
      const a = Math.max(0, (track.start[i] - from) * scale), b = Math.min(width, (track.end[i] - from) * scale);
      if (b - a < 34 || track.kind[i] === TOGETHER) continue;
      labels++;
      let text = data.details[track.detail[i]].split("\n", 1)[0];
      const room = b - a - 10;
      if (pen.measureText(text).width > room) {
        text = text.slice(0, Math.max(0, Math.floor(room / 7) - 1));
        text = text.length > 2 ? text + "…" : "";
      }
      if (!text) continue;
      const kind = track.kind[i];
      if (kind === WAITING) {
        pen.fillStyle = colors.waiting;
        pen.fillRect(a + 2, y + PAD + 2, Math.min(room + 6, pen.measureText(text).width + 7), height - 4);
      }
      pen.fillStyle = colors["on-" + KINDS[kind]];
      pen.fillText(text, a + 5, y + ROW / 2 + 0.5);
    }
  }

  function drawRuler(pen, width) {
    const rough = (to - from) / Math.max(2, width / 110), power = 10 ** Math.floor(Math.log10(rough));
    const step = Math.max(1, [1, 2, 5, 10].map(n => n * power).find(n => n >= rough));
    pen.strokeStyle = colors.line;
    pen.fillStyle = colors.quiet;
    for (let at = Math.ceil(from / step) * step; at <= to; at += step) {
      const x = Math.round((at - from) / (to - from) * width) + 0.5;
      pen.beginPath();
      pen.moveTo(x, TOP - 6);
      pen.lineTo(x, TOP + tracks.length * ROW);
      pen.stroke();
      const text = time(at, step), size = pen.measureText(text).width;
      if (x + size < width) pen.fillText(text, Math.max(2, x + 3), TOP / 2);
    }
  }

  function drawTracks() {
    const {pen, width} = prepare(canvas, TOP + tracks.length * ROW + 4);
    pen.font = "12px system-ui, 'DejaVu Sans', sans-serif";
    pen.textBaseline = "middle";
    drawRuler(pen, width);
    const fills = KINDS.map(k => colors[k]);
    fills[WAITING] = hatch(pen) || fills[WAITING];
    const buffer = new Float64Array(4 * width);
    tracks.forEach((track, row) => drawRow(pen, track, TOP + row * ROW, width, fills, buffer));
    const track = tracks[chosen];
    if (track && slice >= 0) {
      const scale = width / (to - from), a = (track.start[slice] - from) * scale, b = (track.end[slice] - from) * scale;
      pen.strokeStyle = colors.text;
      pen.lineWidth = 2;
      pen.strokeRect(Math.max(1, a), TOP + chosen * ROW + 2, Math.max(3, Math.min(b, width - 1) - Math.max(1, a)), ROW - 4);
      pen.lineWidth = 1;
    }
  }

  // The strip above: how many threads were running and waiting, and which part is shown below.
  let strip = null;
  function drawOverview() {
    const {pen, width, height} = prepare(overview, 52);
    if (!strip || strip.length !== 2 * width) {
      strip = new Float64Array(2 * width);
      const buffer = new Float64Array(4 * width);
      for (const track of tracks) {
        shares(track, 0, whole, width, buffer);
        for (let x = 0; x < width; x++) {
          strip[2 * x] += buffer[4 * x + RUNNING];
          strip[2 * x + 1] += buffer[4 * x + WAITING];
        }
      }
    }
    let most = 1;
    for (let x = 0; x < width; x++) most = Math.max(most, strip[2 * x] + strip[2 * x + 1]);
    const unit = (height - 6) / most;
    for (let x = 0; x < width; x++) {
      const low = strip[2 * x] * unit, high = strip[2 * x + 1] * unit;
      pen.fillStyle = colors.running;
      pen.fillRect(x, height - low, 1, low);
      pen.fillStyle = colors.waiting;
      pen.fillRect(x, height - low - high, 1, high);
    }
    const a = from / whole * width, b = to / whole * width;
    pen.fillStyle = colors.ground;
    pen.globalAlpha = 0.72;
    pen.fillRect(0, 0, a, height);
    pen.fillRect(b, 0, width - b, height);
    pen.globalAlpha = 1;
    pen.strokeStyle = colors.accent;
    pen.lineWidth = 2;
    pen.strokeRect(Math.max(1, a), 1, Math.max(3, Math.min(width - 1, b) - Math.max(1, a)), height - 2);
  }

  function draw() {
    asked = false;
    drawOverview();
    drawTracks();
    document.documentElement.dataset.drawn = `${Math.round(from)}-${Math.round(to)}`;
  }
  function later() {
    if (!asked) {
      asked = true;
      requestAnimationFrame(draw);
    }
  }

  function show(begin, stop) {
    const length = Math.min(whole, Math.max(20, stop - begin));
    from = Math.min(Math.max(0, begin), whole - length);
    to = from + length;
    later();
  }
  function zoom(factor, middle = (from + to) / 2) {
    const length = Math.min(whole, Math.max(20, (to - from) * factor)), part = (middle - from) / (to - from);
    show(middle - part * length, middle - part * length + length);
  }
  const move = part => show(from + part * (to - from), to + part * (to - from));

  function describe(track, i) {
    const kind = track.kind[i], length = time(track.end[i] - track.start[i]);
    const when = `at ${time(track.start[i], Math.max(1, (to - from) / 100))}`;
    const detail = data.details[track.detail[i]];
    if (kind === TOGETHER) {
      const parts = KINDS.map((k, n) => detail[n] ? `${detail[n]}% ${n === BLOCKED ? "in calls" : k}` : "").filter(Boolean);
      return `${detail[4]} short slices in ${length}: ${parts.join(", ")}, ${when}`;
    }
    const [label, rest] = detail.split("\n");
    return kind === RUNNING ? `running ${length}, ${rest}, ${when}`
      : kind === BLOCKED ? `in the call of ${label} ${length}, ${when}`
      : `${WORDS[kind]} ${length}${rest ? ", " + rest : ""}, ${when}`;
  }

  function choose(row, i, follow) {
    chosen = Math.min(tracks.length - 1, Math.max(0, row));
    const track = tracks[chosen];
    slice = track.count ? Math.min(track.count - 1, Math.max(0, i)) : -1;
    [...names.children].forEach((one, n) => one.classList.toggle("chosen", n === chosen));
    if (slice >= 0) {
      by("told").textContent = `${track.name}: ${describe(track, slice)}`;
      const a = track.start[slice], b = track.end[slice];
      if (follow && (b <= from || a >= to)) show((a + b) / 2 - (to - from) / 2, (a + b) / 2 + (to - from) / 2);
    }
    later();
  }

  function under(event) {
    const box = canvas.getBoundingClientRect(), row = Math.floor((event.clientY - box.top - TOP) / ROW);
    const moment = from + (event.clientX - box.left) / box.width * (to - from), track = tracks[row];
    if (!track) return {moment};
    const i = first(track, moment);
    return i < track.count && track.start[i] <= moment ? {moment, row, i} : {moment, row};
  }

  // ---- Mouse, fingers, keys ----

  let drag = null;
  canvas.addEventListener("pointerdown", event => {
    drag = {x: event.clientX, from, to, moved: false};
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", event => {
    if (drag) {
      const shift = (event.clientX - drag.x) / canvas.clientWidth * (drag.to - drag.from);
      drag.moved = drag.moved || Math.abs(event.clientX - drag.x) > 3;
      if (drag.moved) show(drag.from - shift, drag.to - shift);
      tip.hidden = true;
      return;
    }
    const {row, i} = under(event);
    tip.hidden = i === undefined;
    if (i === undefined) return;
    tip.textContent = `${tracks[row].name}\n${describe(tracks[row], i)}`;
    tip.style.left = Math.min(event.clientX + 14, window.innerWidth - tip.offsetWidth - 8) + "px";
    tip.style.top = Math.min(event.clientY + 16, window.innerHeight - tip.offsetHeight - 8) + "px";
  });
  canvas.addEventListener("pointerup", event => {
    if (drag && !drag.moved) {
      const {row, i} = under(event);
      if (row !== undefined && i !== undefined) choose(row, i, false);
    }
    drag = null;
  });
  canvas.addEventListener("pointercancel", () => { drag = null; });
  canvas.addEventListener("pointerleave", () => { tip.hidden = true; });
  canvas.addEventListener("dblclick", event => zoom(0.25, under(event).moment));
  canvas.addEventListener("wheel", event => {
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      zoom(event.deltaY > 0 ? 1.25 : 0.8, under(event).moment);
    } else if (event.deltaX || event.shiftKey) {
      event.preventDefault();
      move((event.deltaX || event.deltaY) / 800);
    }
  }, {passive: false});
  let select = null;
  overview.addEventListener("pointerdown", event => {
    overview.setPointerCapture(event.pointerId);
    select = event.offsetX / overview.clientWidth * whole;
  });
  overview.addEventListener("pointermove", event => {
    if (select === null) return;
    const other = event.offsetX / overview.clientWidth * whole;
    if (Math.abs(other - select) > whole / 300) show(Math.min(select, other), Math.max(select, other));
  });
  overview.addEventListener("pointerup", event => {
    const other = event.offsetX / overview.clientWidth * whole, half = (to - from) / 2;
    if (select !== null && Math.abs(other - select) <= whole / 300) show(other - half, other + half);
    select = null;
  });

  const inView = row => {
    const i = first(tracks[row] || tracks[0], from);
    return slice < 0 || tracks[row] !== tracks[chosen] ? i : slice;
  };
  const keys = {
    ArrowLeft: () => move(-0.2), ArrowRight: () => move(0.2), "+": () => zoom(0.5), "=": () => zoom(0.5), "-": () => zoom(2),
    "0": () => show(0, whole), Home: () => show(0, to - from), End: () => show(whole - (to - from), whole),
    ArrowUp: () => choose(chosen - 1, inView(Math.max(0, chosen - 1)), false),
    ArrowDown: () => choose(slice < 0 ? 0 : chosen + 1, inView(Math.min(tracks.length - 1, slice < 0 ? 0 : chosen + 1)), false),
    ",": () => choose(chosen, inView(chosen) - 1, true), ".": () => choose(chosen, slice < 0 ? inView(chosen) : slice + 1, true),
    Enter: () => slice >= 0 && show(tracks[chosen].start[slice] - (tracks[chosen].end[slice] - tracks[chosen].start[slice]),
                                    tracks[chosen].end[slice] + (tracks[chosen].end[slice] - tracks[chosen].start[slice])),
  };
  canvas.addEventListener("keydown", event => {
    if (event.ctrlKey || event.altKey || event.metaKey || !keys[event.key] || !tracks.length) return;
    event.preventDefault();
    keys[event.key]();
  });
  for (const [id, act] of [["in", () => zoom(0.5)], ["out", () => zoom(2)], ["back", () => move(-0.3)], ["on", () => move(0.3)],
                           ["all", () => show(0, whole)]])
    by(id).addEventListener("click", act);

  // ---- Light and dark ----

  const themes = {"": "as the system", light: "light", dark: "dark"}, button = by("theme");
  function setTheme(theme) {
    if (theme) document.documentElement.dataset.theme = theme; else delete document.documentElement.dataset.theme;
    button.textContent = "Theme: " + themes[theme];
    readColors();
    later();
  }
  button.addEventListener("click", () => {
    const order = Object.keys(themes), next = order[(order.indexOf(document.documentElement.dataset.theme || "") + 1) % 3];
    try { localStorage.setItem("gil-theme", next); } catch (error) { /* not kept, then */ }
    setTheme(next);
  });
  let kept = "";
  try { kept = localStorage.getItem("gil-theme") || ""; } catch (error) { /* none is kept */ }
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { readColors(); later(); });

  for (const track of tracks) {
    const name = document.createElement("div");
    name.textContent = name.title = track.name;
    names.append(name);
  }
  if (data.left_out) by("keys").prepend(`${data.left_out} threads that did least are not drawn. `);
  if (data.merged_below) by("keys").prepend(`Slices shorter than ${time(data.merged_below)} are drawn together. `);
  by("timeline").hidden = button.hidden = false;
  setTheme(kept in themes ? kept : "");
  draw();
  addEventListener("resize", later);
})();
