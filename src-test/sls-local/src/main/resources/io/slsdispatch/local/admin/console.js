"use strict";
const $ = id => document.getElementById(id);
const MANY = 16, ROWS = 50, NEWEST = 5;

// ---- Text. It goes into the page as text only, never as markup: topics, tags and names may be anything.

/** What would be invisible, or would turn the text around, is shown as an escape; bytes that are no UTF-8 as \xNN. */
const visible = (text, lines) => String(text).replace(
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
  c => {
    const code = c.charCodeAt(0);
    if (lines && (c === "\n" || c === "\t")) return c;
    return code >= 0xdc80 && code <= 0xdcff ? "\\x" + (code & 0xff).toString(16) : "\\u" + code.toString(16).padStart(4, "0");
  });
const el = (tag, cls, ...children) => {
  const e = document.createElement(tag);
  if (cls) e.className = cls;
  e.append(...children.map(c => c instanceof Node ? c : document.createTextNode(c)));
  return e;
};
const set = (e, attributes) => { for (const [name, value] of Object.entries(attributes)) e.setAttribute(name, value); return e; };
const keyed = (e, key) => { e.key = key; return e; };

// ---- Numbers: one unit in each column.

const whole = n => Math.round(n).toLocaleString("en-US");
const plural = (n, word) => whole(n) + " " + word + (n === 1 ? "" : "s");
const unitOf = values => {
  const most = Math.max(0, ...values);
  for (const [unit, size] of [["B", 1], ["kB", 1e3], ["MB", 1e6]]) if (most < size * 10000) return {unit, size};
  return {unit: "GB", size: 1e9};
};
const inUnit = (n, {size}) => size === 1 ? whole(n) : (n / size).toLocaleString("en-US", {minimumFractionDigits: 1, maximumFractionDigits: 1});
const bytes = n => { const u = unitOf([n]); return inUnit(n, u) + " " + u.unit; };
const two = n => String(n).padStart(2, "0");
const span = seconds => { const s = Math.max(0, Math.round(seconds)); return Math.floor(s / 3600) + ":" + two(Math.floor(s / 60) % 60) + ":" + two(s % 60); };
const clock = millis => { const d = new Date(millis); return d.getFullYear() + "-" + two(d.getMonth() + 1) + "-" + two(d.getDate()) + " " + two(d.getHours()) + ":" + two(d.getMinutes()) + ":" + two(d.getSeconds()); };

/** A column of numbers: its head, and how each value is shown. */
const count = (name, of) => () => ({name, show: row => whole(of(row))});
const size = (name, suffix, of) => rows => { const u = unitOf(rows.map(of)); return {name: name + ", " + u.unit + suffix, show: row => inUnit(of(row), u)}; };
const rate = [
  count("written, groups/s", r => r.putGroups), size("written", "/s", r => r.putBytes),
  count("read, groups/s", r => r.readGroups), size("read", "/s", r => r.readBytes)];

// ---- What is shown already stays in place and only its text changes, so that a click, a selection and the focus outlive the
// next second. A node with a key never becomes that of another.

const update = (home, fresh) => {
  const byKey = new Map();
  for (const node of home.childNodes) if (node.key !== undefined) byKey.set(node.key, node);
  const kept = new Set(fresh.map(node => node.key));
  for (const [key, node] of byKey) if (!kept.has(key)) node.remove();
  fresh.forEach((node, i) => {
    const at = home.childNodes[i];
    const old = node.key !== undefined ? byKey.get(node.key) : at && at.key === undefined && at.nodeName === node.nodeName ? at : undefined;
    if (!old) { home.insertBefore(node, at || null); return; }
    if (old !== at) home.insertBefore(old, at || null);
    if (node.nodeType === Node.TEXT_NODE) { if (old.data !== node.data) old.data = node.data; return; }
    for (const {name, value} of node.attributes) if (name !== "style" && old.getAttribute(name) !== value) old.setAttribute(name, value);
    for (const {name} of [...old.attributes]) if (!node.hasAttribute(name)) old.removeAttribute(name);
    if (node.style.cssText && old.style.cssText !== node.style.cssText) old.style.cssText = node.style.cssText;
    update(old, [...node.childNodes]);
  });
  while (home.childNodes.length > fresh.length) home.lastChild.remove();
};

const table = (name, heads, rows) => {
  const t = set(el("table"), {"aria-label": name, role: "table"}), head = t.createTHead().insertRow();
  head.setAttribute("role", "row");
  heads.forEach(h => head.append(set(el("th", h.cls || "", h.name), {scope: "col", role: "columnheader"})));
  const body = t.createTBody();
  rows.forEach(({cells, cls, key}) => {
    const r = keyed(set(body.insertRow(), {role: "row"}), key);
    if (cls) r.className = cls;
    cells.forEach((c, i) => r.append(set(el("td", heads[i].cls || "", c), {"data-label": heads[i].name, role: "cell"})));
  });
  return t;
};

/** A part that is folded until it is opened; whether it is open outlives the next second. */
const opened = new Map();
const fold = (key, name, columns, row, openAtFirst, inside) => {
  const part = keyed(el("details"), key);
  if (!opened.has(key)) opened.set(key, openAtFirst);
  part.open = opened.get(key);
  part.addEventListener("toggle", () => { if (opened.get(key) !== part.open) { opened.set(key, part.open); refresh(); } });
  part.append(el("summary", "", el("span", "name", name), ...columns.map(c => el("span", "", el("small", "", c.name), " ", c.show(row)))));
  part.append(part.open ? el("div", "inside", ...inside()) : el("div", "inside"));
  return part;
};
const folds = (title, columns, parts) => {
  const heads = set(el("div", "heads", el("span", "", title), ...columns.map(c => el("span", "", c.name))), {"aria-hidden": "true"});
  const list = el("div", "", keyed(heads, "heads"), ...parts);
  list.style.setProperty("--columns", columns.length);
  return list;
};

/** Some of many rows: a field that filters them, and how many are left out. */
const filters = new Map();
const some = (key, label, rows, textOf, show) => {
  const words = (filters.get(key) || "").toLowerCase().split(/\s+/).filter(w => w);
  const found = words.length ? rows.filter(row => words.every(w => textOf(row).toLowerCase().split(" ").some(part => part.startsWith(w)))) : rows;
  const parts = [];
  if (rows.length > MANY) {
    const field = keyed(set(el("input"), {type: "search", placeholder: label, "aria-label": label}), "filter");
    field.oninput = () => { filters.set(key, field.value); redraw(); };
    parts.push(field);
  }
  parts.push(show(found.slice(0, ROWS)));
  const more = found.length - ROWS;
  if (more > 0) parts.push(keyed(el("p", "quiet", whole(more) + " more: use the filter"), "more"));
  if (!found.length && rows.length) parts.push(keyed(el("p", "quiet", "none of " + whole(rows.length) + " matches the filter"), "more"));
  return parts;
};

// ---- Logstores

const ring = shard => {
  const part = key => Number(BigInt("0x" + key) >> 96n) / 2 ** 32 * 100;
  const from = part(shard.inclusiveBeginKey), fill = el("i"), range = shard.inclusiveBeginKey + " to " + shard.exclusiveEndKey;
  fill.style.left = from + "%";
  fill.style.width = Math.max(0.5, part(shard.exclusiveEndKey) - from) + "%";
  return set(el("div", "ring", fill), {title: range, role: "img", "aria-label": "keys " + range});
};
const chosen = new Map(), newest = new Map();

const shardRows = (key, l, lives, last, seconds, now) => {
  const per = (a, b) => seconds > 0 ? Math.max(0, (a - b) / seconds) : 0;
  return l.shards.map(s => {
    const p = last.get(key + "/" + s.shardID) || s, life = lives.get(s.shardID) || {parents: [], createdMillis: now, closedMillis: 0};
    return {...s, open: !life.closedMillis, parents: life.parents, age: (now - (life.closedMillis || life.createdMillis)) / 1000,
      putGroups: per(s.groups, p.groups), putBytes: per(s.rawBytes, p.rawBytes),
      readGroups: per(s.pulledGroups, p.pulledGroups), readBytes: per(s.pulledBytes, p.pulledBytes)};
  });
};
const shardTable = (key, name, all) => shown => {
  const numbers = [count("groups", r => r.groups), size("size", "", r => r.rawBytes), ...rate].map(c => c(all));
  const heads = [{name: "shard"}, {name: "keys", cls: "text wide"}, {name: "status", cls: "text"}, {name: "for, h:mm:ss"}, {name: "from shards"}, ...numbers, {name: "newest groups"}];
  return table("shards of " + name, heads, shown.map(s => {
    const show = set(el("button", "link", "show"), {type: "button", "aria-label": "show the newest groups of shard " + s.shardID});
    show.onclick = async () => { chosen.set(key, s.shardID); await refresh(); show.closest("details").querySelector("h3").scrollIntoView({block: "center"}); };
    return {key: s.shardID, cls: s.status, cells: ["" + s.shardID, ring(s), s.open ? "open" : "read-only", span(s.age), s.parents.join(", ") || "–", ...numbers.map(c => c.show(s)), show]};
  }));
};

const pairs = (list, between, lines) => list.flatMap(([k, v], i) => [...(i ? [between] : []), el("span", "key", visible(k)), ": " + visible(v, lines)]);
const groupItem = (key, g) => {
  const item = keyed(el("li"), g.shard + "/" + g.position);
  item.append(el("div", "quiet", clock(g.receivedMillis) + ", shard " + g.shard + ", " + bytes(g.bytes) + (g.logs === undefined ? "" : ", " + plural(g.logs, "log"))));
  if (g.unreadable !== undefined) { item.append(el("div", "", "Not a log group. It begins with the bytes ", el("code", "", g.unreadable))); return item; }
  const none = () => el("span", "quiet", "none"), rows = [["topic", g.topic ? visible(g.topic) : none()], ["source", g.source ? visible(g.source) : none()]];
  const facts = el("dl", "", ...rows.flatMap(([k, v]) => [el("dt", "", k), el("dd", "", v)]), el("dt", "", "tags"), el("dd", "", ...(g.tags.length ? pairs(g.tags, ", ") : [none()])));
  item.append(facts);
  if (g.first.length) {
    const logs = fold("logs " + key + "/" + g.shard + "/" + g.position, "", [], g, false, () => [
      ...g.first.map(log => el("div", "log", el("div", "quiet", clock(log.time * 1000)), ...pairs(log.contents, "\n", true))),
      ...(g.logs > g.first.length ? [el("div", "quiet", "and " + plural(g.logs - g.first.length, "more log"))] : [])]);
    logs.className = "logs";
    const first = logs.open ? ["first logs"] : [el("span", "quiet", clock(g.first[0].time * 1000) + " "), ...pairs(g.first[0].contents, "  ", true)];
    logs.firstChild.firstChild.replaceChildren(...first);
    item.append(logs);
  }
  return item;
};
const newestGroups = (key, name) => {
  const shard = chosen.get(key), title = el("h3", "", "Newest groups of " + (shard === undefined ? "all shards" : "shard " + shard));
  if (shard !== undefined) {
    const all = set(el("button", "link", "all shards"), {type: "button"});
    all.onclick = () => { chosen.delete(key); refresh(); };
    title.append(" ", keyed(all, "all"));
  }
  const groups = newest.get(key) || [];
  return [keyed(title, "newest"), keyed(groups.length ? set(el("ol", "newest", ...groups.map(g => groupItem(key, g))), {"aria-label": "newest groups of " + name}) : el("p", "quiet", "none"), groups.length ? "list" : "none")];
};

const showLogstores = (now, last, seconds) => {
  const stats = now.stats, sum = (rows, of) => rows.reduce((all, row) => all + of(row), 0);
  const livesOf = new Map(now.shards.map(l => [l.project + "/" + l.logstore, new Map(l.lives.map(s => [s.shard, s]))]));
  $("logstore-count").textContent = stats.logstores.length;
  if (!stats.logstores.length) {
    update($("logstore-list"), [keyed(el("p", "hint", "There is no logstore yet. Create one with your SDK (endpoint or proxy ", el("code", "", location.origin), "), or start SLS Local with ", el("code", "", "--logstore my-project/my-logs:2"), "."), "hint")]);
    return;
  }
  const words = $("logstore-filter").value.toLowerCase().split(/\s+/).filter(w => w);
  $("logstore-filter").hidden = stats.logstores.length <= MANY / 2;
  const rows = stats.logstores.map(l => {
    const key = l.project + "/" + l.logstore, shards = shardRows(key, l, livesOf.get(key) || new Map(), last, seconds, now.millis), row = {key, l, shards};
    for (const field of ["groups", "rawBytes", "putGroups", "putBytes", "readGroups", "readBytes"]) row[field] = sum(shards, s => s[field]);
    return row;
  });
  const columns = [count("shards", r => r.shards.length), count("read-only", r => r.shards.filter(s => !s.open).length), count("groups", r => r.groups), size("size", "", r => r.rawBytes), ...rate].map(c => c(rows));
  const found = rows.filter(row => words.every(w => row.key.toLowerCase().includes(w)));
  update($("logstore-list"), [keyed(folds("project / logstore", columns, found.map(row => {
    const name = visible(row.l.project + " / " + row.l.logstore), refused = Object.entries(row.l.rejected);
    const few = row.shards.length <= MANY && rows.indexOf(row) < 3;
    return fold("logstore " + row.key, name, columns, row, few, () => [
      ...newestGroups(row.key, name),
      keyed(el("h3", "", "Shards"), "shards"),
      ...some(row.key, "filter shards: id, open, read-only", row.shards, s => s.shardID + " " + (s.open ? "open" : "read-only"), shardTable(row.key, name, row.shards)),
      ...(refused.length ? [keyed(el("p", "", "Rejected: " + refused.map(([code, n]) => visible(code) + " " + whole(n)).join(", ")), "rejected")] : [])]);
  })), "list")]);
};

// ---- Consumer groups and faults

const showGroups = now => {
  $("group-count").textContent = now.groups.length;
  if (!now.groups.length) { update($("group-list"), [keyed(el("p", "quiet", "none"), "none")]); return; }
  const rows = now.groups.map(g => ({...g, key: g.project + "/" + g.logstore + "/" + g.group,
    lag: g.shards.reduce((all, s) => all + (s.lagGroups || 0), 0), age: Math.max(0, ...g.shards.map(s => s.lagSeconds || 0)),
    open: g.shards.filter(s => !s.committed).length, consumers: new Set(g.shards.map(s => s.consumer).filter(c => c)).size}));
  const columns = [count("shards", r => r.shards.length), count("without a commit", r => r.open), count("consumers", r => r.consumers), count("lag, groups", r => r.lag), () => ({name: "lag, h:mm:ss", show: r => span(r.age)})].map(c => c(rows));
  update($("group-list"), [keyed(folds("group of project / logstore", columns, rows.map(g => {
    const name = visible(g.group) + " of " + visible(g.project + " / " + g.logstore);
    const heads = [{name: "shard"}, {name: "consumer", cls: "text"}, {name: "committed", cls: "text"}, {name: "lag, groups"}, {name: "lag, h:mm:ss"}];
    return fold("group " + g.key, name, columns, g, g.shards.length <= MANY && rows.length <= 4, () => some("group " + g.key, "filter shards: id, consumer", g.shards, s => s.shard + " " + s.consumer,
      shown => table("consumer group " + name, heads, shown.map(s => ({key: s.shard, cells: ["" + s.shard, visible(s.consumer) || "–", s.committed ? "yes" : "nothing", whole(s.lagGroups || 0), el("span", s.lagSeconds > 60 ? "late" : "", span(s.lagSeconds || 0))]})))));
  })), "list")]);
};

const showFaults = now => {
  $("fault-count").textContent = now.faults.length;
  if (!now.faults.length) { update($("fault-list"), [keyed(el("p", "quiet", "none"), "none")]); return; }
  const heads = [{name: "id"}, {name: "fault", cls: "text"}, {name: "state", cls: "text"}, {name: "calls affected"}, {name: "switch"}];
  update($("fault-list"), [keyed(set(table("faults", heads, now.faults.map(f => {
    const off = set(el("button", "", "Off"), {type: "button", "aria-label": "switch fault " + f.id + " off"});
    off.onclick = () => switchOff(f.id, off);
    const {id, phase, struck, ...rest} = f;
    for (const [field, usual] of [["probability", 1], ["skip", 0], ["startAfterMillis", 0]]) if (rest[field] === usual) delete rest[field];
    return {key: id, cells: ["" + id, el("code", "", visible(spaced(rest))), phase, whole(struck), off]};
  })), {class: "faults"}), "table")]);
};
/** The focus goes on to the button that takes the place of this one. */
const switchOff = async (id, button) => {
  const at = [...document.querySelectorAll("#fault-list button")].indexOf(button);
  await send("DELETE", "faults/" + id);
  if (document.activeElement === document.body || document.activeElement === null) {
    const left = document.querySelectorAll("#fault-list button");
    (left[Math.min(at, left.length - 1)] || $("on")).focus();
  }
};

// ---- Asking and showing

let before = null, current = null;
const redraw = () => {
  if (!current) return;
  const seconds = before ? (current.millis - before.millis) / 1000 : 0, last = new Map(), stats = current.stats;
  if (before) before.stats.logstores.forEach(l => l.shards.forEach(s => last.set(l.project + "/" + l.logstore + "/" + s.shardID, s)));
  const refused = Object.entries(stats.rejected).map(([code, n]) => visible(code) + " " + whole(n)).join(", ") || "none";
  const rateOfRequests = seconds > 0 ? Math.max(0, (stats.requests - before.stats.requests) / seconds) : 0;
  $("summary").className = "";
  $("summary").textContent = plural(stats.requests, "request") + ", " + whole(rateOfRequests) + "/s; " + bytes(stats.retainedBytes) + " stored; rejected: " + refused;
  showLogstores(current, last, seconds);
  showGroups(current);
  showFaults(current);
};
const get = async path => { const answer = await fetch("/_local/" + path); if (!answer.ok) throw new Error("status " + answer.status); return answer.json(); };
const readNewest = async l => {
  const key = l.project + "/" + l.logstore;
  if (!opened.get("logstore " + key)) return;
  const shard = chosen.has(key) ? "&shard=" + chosen.get(key) : "";
  try {
    newest.set(key, await get("groups?project=" + encodeURIComponent(l.project) + "&logstore=" + encodeURIComponent(l.logstore) + shard + "&count=" + NEWEST));
  } catch (deleted) { newest.delete(key); chosen.delete(key); }
};
const refresh = async () => {
  try {
    const now = await get("state");
    await Promise.all(now.stats.logstores.map(readNewest));
    if (!current || now.millis > current.millis) { before = current; current = now; }
    redraw();
    document.body.dataset.shown = "yes";
  } catch (e) { $("summary").className = "late"; $("summary").textContent = "No response from SLS Local: " + e.message; }
};
const send = async (method, path, body) => {
  try {
    const answer = await fetch("/_local/" + path, {method, body});
    $("problem").textContent = answer.ok ? "" : visible((await answer.json()).errorMessage, true);
  } catch (e) { $("problem").textContent = "Request failed: " + e.message; }
  await refresh();
};

const EXAMPLES = {
  "busy: refuse every put for 10 s": {effect: "error", code: "ServerBusy", operation: "PutLogs", endAfterMillis: 10000},
  "slow: answer every pull 2 s later": {effect: "delay", millis: 2000, operation: "PullLogs"},
  "lost response: a tenth of the puts is stored and then reset": {effect: "reset", when: "after", operation: "PutLogs", probability: 0.1},
  "no response: the next 3 puts": {effect: "hang", operation: "PutLogs", count: 3},
  "denied: no key is valid": {effect: "revoke"},
  "quota: 100 kB/s for each shard": {effect: "quota", per: "shard", bytes: 100000},
  "gateway: an HTML page in place of the response": {effect: "answer", status: 502, body: "<h1>Bad Gateway</h1>"},
  "clock: 20 min ahead": {effect: "clock-skew", millis: 1200000},
};
const spaced = fault => JSON.stringify(fault).replace(/":/g, '": ').replace(/,"/g, ', "');
for (const name of Object.keys(EXAMPLES)) $("example").append(el("option", "", name));
$("example").onchange = () => { $("fault").value = spaced(EXAMPLES[$("example").value]); };
$("example").onchange();
$("add").onsubmit = e => { e.preventDefault(); send("POST", "faults", $("fault").value); };
$("off").onclick = () => send("DELETE", "faults");
$("logstore-filter").oninput = redraw;
const loop = async () => { if (!document.hidden) await refresh(); setTimeout(loop, 1000); };
loop();
