// "Send it to somebody": the phone's own way to send, and copying. Only the link leaves the page. Without JavaScript it can be marked.
(() => {
  "use strict";
  const place = document.querySelector("[data-share]");
  if (!place || !window.isSecureContext) return;
  const url = place.dataset.share;
  const [send, copy] = ["[data-send]", "[data-copy]"].map((what) => place.querySelector(what));
  if (navigator.share) {
    send.hidden = false;
    send.onclick = () => navigator.share({ url }).catch(() => {});
  }
  if (navigator.clipboard) {
    copy.hidden = false;
    copy.onclick = () =>
      navigator.clipboard.writeText(url).then(
        () => { copy.querySelector("span").textContent = copy.dataset.done; },
        () => {},
      );
  }
})();
