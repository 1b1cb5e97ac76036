// What is kept on this phone, with size and date, and how to remove it. Linked only on /saved and on the page without network.
(async () => {
  "use strict";
  const list = document.querySelector("[data-saved]");
  if (!list || !("caches" in window)) return;
  const { remove, size } = list.dataset;
  const lang = document.documentElement.lang.replace(/^en$/, "en-GB"); // a day first, as on every other page
  const day = new Intl.DateTimeFormat(lang, { day: "numeric", month: "long", year: "numeric" });
  const store = await caches.open("kept-1");

  // The worker may remove things meanwhile.
  async function held() {
    const found = await Promise.all((await store.keys()).map(async (request) => [request, await store.match(request)]));
    return found.filter(([, answer]) => answer).map(([request, answer]) => [request, answer.headers]);
  }

  async function kept() {
    const things = new Map();
    for (const [request, headers] of await held()) {
      const ref = headers.get("X-Kept-Ref");
      if (!ref) continue;
      const thing = things.get(ref) || { ref, bytes: 0 };
      thing.bytes += Number(headers.get("X-Kept-Bytes"));
      if ((headers.get("Content-Type") || "").startsWith("text/html")) {
        thing.url = request.url;
        thing.title = decodeURIComponent(headers.get("X-Kept-Title") || "");
        thing.day = new Date(Number(headers.get("X-Kept-At")));
      }
      things.set(ref, thing);
    }
    return [...things.values()].filter((thing) => thing.url);
  }

  async function forget(refs) {
    for (const [request, headers] of await held()) if (refs.includes(headers.get("X-Kept-Ref"))) await store.delete(request);
    await show();
  }

  function row(thing) {
    const item = list.querySelector("template").content.cloneNode(true);
    const link = item.querySelector("a");
    link.href = thing.url;
    link.textContent = thing.title;
    const kb = Math.ceil(thing.bytes / 1000);
    item.querySelector("[data-about]").textContent = `${day.format(thing.day)} · ${size.replace("#", kb)}`;
    const button = item.querySelector("button");
    button.setAttribute("aria-label", `${remove}: ${thing.title}`);
    button.onclick = () => forget([thing.ref]);
    return item;
  }

  async function show() {
    const things = await kept();
    list.querySelectorAll(":scope > :not(template)").forEach((old) => old.remove());
    list.append(...things.map(row));
    document.querySelectorAll("[data-saved-empty]").forEach((place) => { place.hidden = things.length > 0; });
    document.querySelectorAll("[data-saved-clear]").forEach((button) => {
      button.hidden = things.length === 0;
      button.onclick = () => forget(things.map((thing) => thing.ref));
    });
  }

  // The worker lets go of what was taken back or is too old, before anything else asks for it.
  async function ask() {
    const place = navigator.serviceWorker && (await navigator.serviceWorker.getRegistration());
    if (!place || !place.active) return;
    const port = new MessageChannel();
    const answer = new Promise((ready) => { port.port1.onmessage = ready; });
    place.active.postMessage({ check: true }, [port.port2]);
    await answer;
    await show();
  }
  await show();
  await ask();
})();
