// Kept pages: only public pages that somebody chose to keep on this phone, at most 30 days; nothing else is ever stored.
"use strict";
const KEPT = "kept-1";
const DAYS = 30 * 86400e3;
const CHECK_EVERY = 60e3;
const OFFLINE = "/offline";
let checked = 0;

// The copy is fetched without cookies, so it is what everybody sees: a private page cannot get in.
async function copy(url, about) {
  const answer = await fetch(url, { credentials: "omit", headers: { "Accept-Language": about.lang || "en" } });
  const open = answer.ok && !answer.redirected && !(answer.headers.get("Cache-Control") || "").includes("no-store");
  if (!open) throw new Error("not public");
  const body = await answer.blob();
  const headers = new Headers(answer.headers);
  headers.set("X-Kept-At", String(Date.now()));
  headers.set("X-Kept-Ref", about.ref);
  headers.set("X-Kept-Title", encodeURIComponent(about.title || ""));
  headers.set("X-Kept-Bytes", String(body.size));
  headers.delete("Set-Cookie");
  return new Response(body, { headers });
}

// What the store holds, as pairs of request and headers; another tab may remove things meanwhile.
async function held(store) {
  const found = await Promise.all((await store.keys()).map(async (request) => [request, await store.match(request)]));
  return found.filter(([, answer]) => answer).map(([request, answer]) => [request, answer.headers]);
}

// Copies of several addresses, as pairs for the store: all of them, or an error.
const copies = (urls, about) => Promise.all(urls.map(async (url) => [url, await copy(url, about)]));

// Without network one page lists what is kept. It belongs to no ref, and its scripts are kept with it.
async function offline(lang) {
  const about = { lang, ref: "" };
  const [[, page]] = await copies([OFFLINE], about);
  const scripts = [...(await page.clone().text()).matchAll(/ src="(\/static\/[^"]+)"/g)].map((found) => found[1]);
  return [[OFFLINE, page], ...(await copies(scripts, about))];
}

async function keep(about) {
  const store = await caches.open(KEPT);
  const urls = [about.url, ...about.extra].map((url) => new URL(url, location.origin));
  if (urls.some((url) => url.origin !== location.origin)) return false;
  try {
    const [things, ours] = await Promise.all([copies(urls.map((url) => url.href), about), offline(about.lang)]);
    for (const [request, headers] of await held(store)) { // what an older release needed
      if (!headers.get("X-Kept-Ref")) await store.delete(request);
    }
    await Promise.all([...things, ...ours].map(([url, answer]) => store.put(url, answer)));
    return true;
  } catch { return false; }
}

// Everything that belongs to one of these refs goes, and everything that is older than 30 days.
async function drop(refs) {
  const store = await caches.open(KEPT);
  for (const [request, headers] of await held(store)) {
    const ref = headers.get("X-Kept-Ref");
    if (ref && (refs.includes(ref) || Date.now() - headers.get("X-Kept-At") > DAYS)) await store.delete(request);
  }
}

// At each contact: ask which kept things were taken back. 404 and 410 for the whole answer mean: all of them.
// Pages ask at most once a minute, the list of what is kept asks at once; what got no answer is asked again.
async function check(atOnce) {
  await drop([]);
  if (!atOnce && Date.now() - checked < CHECK_EVERY) return;
  const store = await caches.open(KEPT);
  const refs = new Set((await held(store)).map(([, headers]) => headers.get("X-Kept-Ref")).filter(Boolean));
  if (!refs.size) return;
  for (let rest = [...refs]; rest.length; rest = rest.slice(100)) {
    const some = rest.slice(0, 100);
    const answer = await fetch("/saved/check?refs=" + encodeURIComponent(some.join(",")), { credentials: "omit" });
    if (answer.status === 404 || answer.status === 410) await drop(some);
    else if (answer.ok) await drop((await answer.json()).gone || []);
    else throw new Error("no answer");
  }
  checked = Date.now();
}

// A player asks for a part of the voice; a kept copy must answer with that part.
async function part(request, answer) {
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get("Range") || "");
  if (!range) return answer;
  const body = await answer.blob();
  const [start, end] = [Number(range[1]), Math.min(range[2] ? Number(range[2]) + 1 : body.size, body.size)];
  const headers = new Headers({ "Content-Type": answer.headers.get("Content-Type") || "audio/ogg" });
  headers.set("Content-Range", `bytes ${start}-${end - 1}/${body.size}`);
  return new Response(body.slice(start, end), { status: 206, headers });
}

async function fromKept(request) {
  const store = await caches.open(KEPT);
  const found = await store.match(request.url);
  if (!found) return null;
  return Date.now() - found.headers.get("X-Kept-At") > DAYS ? null : part(request, found);
}

async function page(event) {
  const { request } = event;
  try {
    const answer = await fetch(request);
    const gone = answer.status === 404 || answer.status === 410;
    const kept = gone && (await (await caches.open(KEPT)).match(request.url));
    if (kept) event.waitUntil(drop([kept.headers.get("X-Kept-Ref")]));
    event.waitUntil(check().catch(() => {}));
    return answer;
  } catch (problem) {
    const store = await caches.open(KEPT);
    const found = (await fromKept(request)) || (await store.match(OFFLINE));
    if (found) return found;
    throw problem;
  }
}

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim().then(() => drop([]))));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (["audio", "script"].includes(request.destination)) event.respondWith(fromKept(request).then((found) => found || fetch(request)));
});
self.addEventListener("message", (event) => {
  const { data, ports } = event;
  const work = data.keep ? keep(data.keep) : data.drop ? drop(data.drop).then(() => true) : check(true).then(() => true, () => false);
  event.waitUntil(work.then((ok) => ports[0] && ports[0].postMessage({ ok })));
});
