// Makes plain pages smoother; none of it is needed to read or to send.
(() => {
  "use strict";
  const all = (what, act, root = document) => root.querySelectorAll(what).forEach(act);

  // Leave: blank at once, end the session on the way, a neutral page in place of this one.
  function leave(event, form) {
    const body = new URLSearchParams(new FormData(form));
    const to = form.dataset.leave;
    document.title = " ";
    document.documentElement.style.background = "#fff";
    if (!to) {
      document.body.hidden = true;
      return;
    }
    event.preventDefault();
    document.body.replaceChildren();
    fetch(form.action, { method: "POST", body, keepalive: true, redirect: "manual" }).catch(() => {});
    location.replace(to);
  }

  // One tap is one effect, until the page is shown again or 8 seconds are over.
  function once(event, form) {
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 8000);
  }
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if ("leave" in form.dataset) return leave(event, form);
    clearTimeout(form.timer);
    if (form.method === "post" && !event.defaultPrevented) once(event, form);
  });
  addEventListener("pageshow", () => all("form", (form) => delete form.dataset.sent));

  // Drafts: kept on the server 2 s after the last change.
  async function save(form) {
    const place = form.querySelector("[data-autosave-status]");
    const fields = new FormData(form);
    for (const [name, value] of [...fields]) if (typeof value !== "string") fields.delete(name);
    let kept = false;
    try {
      const body = new URLSearchParams(fields);
      kept = (await fetch(form.dataset.autosave, { method: "POST", body, keepalive: String(body).length < 6e4 })).ok;
    } catch {}
    if (place) place.textContent = kept ? place.dataset.kept : place.dataset.failed;
  }
  document.addEventListener("input", ({ target: { form } }) => {
    if (!form || !form.dataset.autosave) return;
    clearTimeout(form.timer);
    form.timer = setTimeout(save, 2000, form);
  });

  // The service worker exists only after this tap.
  async function keep(button) {
    const { keep: url, ref, title, extra, done, failed } = button.dataset;
    const port = new MessageChannel();
    const answer = new Promise((ready) => { port.port1.onmessage = (event) => ready(event.data.ok); });
    try {
      await navigator.serviceWorker.register("/sw.js");
      const { active } = await navigator.serviceWorker.ready;
      const lang = document.documentElement.lang;
      active.postMessage({ keep: { url, ref, title, lang, extra: extra.split(" ").filter(Boolean) } }, [port.port2]);
      const ok = await answer;
      button.lastElementChild.textContent = ok ? done : failed;
      if (ok) button.setAttribute("aria-disabled", "true");
    } catch { button.lastElementChild.textContent = failed; }
  }

  // One big button in place of the browser's own player.
  function player(box) {
    const [button, audio] = [box.querySelector("button"), box.querySelector("audio")];
    const time = box.querySelector("[data-time]");
    const label = button.getAttribute("aria-label");
    const bar = document.createElement("progress");
    bar.setAttribute("aria-label", audio.getAttribute("aria-label"));
    bar.value = 0;
    audio.removeAttribute("controls");
    audio.hidden = true;
    button.hidden = false;
    button.after(bar);
    button.onclick = () => (audio.paused ? audio.play() : audio.pause());
    audio.onplay = audio.onpause = () => {
      button.classList.toggle("on", !audio.paused);
      button.setAttribute("aria-label", audio.paused ? label : box.dataset.pause);
      all("[data-jump]", (jump) => { jump.hidden = false; }, box);
    };
    all("[data-jump]", (jump) => { jump.onclick = () => { audio.currentTime += Number(jump.dataset.jump); }; }, box);
    audio.ontimeupdate = () => {
      if (audio.duration < 1e5) bar.value = audio.currentTime / audio.duration;
      const s = Math.floor(audio.currentTime);
      time.textContent = `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")} / `;
      time.hidden = false;
    };
  }

  let voice;
  document.addEventListener("click", (event) => {
    const at = event.target.closest("[data-say],[data-keep],[data-print]");
    if (!at) return;
    if ("print" in at.dataset) return print();
    if ("keep" in at.dataset) return at.hasAttribute("aria-disabled") || keep(at);
    event.preventDefault();
    if (voice) voice.pause();
    voice = new Audio(at.href);
    voice.play();
  });

  function dress(root) {
    all("[data-voice]:not([data-dressed])", (box) => { box.dataset.dressed = ""; player(box); }, root);
    all("[data-print]", (button) => { button.hidden = false; }, root);
    if (navigator.serviceWorker) all("[data-keep]", (button) => { button.hidden = false; }, root);
    const first = root.querySelector("[data-focus]");
    if (first) first.focus();
  }
  dress(document);
  document.addEventListener("htmx:after:swap", () => dress(document));
  document.addEventListener("htmx:error", () => {
    const place = document.getElementById("status");
    place.textContent = place.dataset.failed;
    place.hidden = false;
  });
})();
