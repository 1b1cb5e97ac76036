// "Near where I am": asks the phone only when the button is tapped. What leaves the phone is rounded to about a kilometre and
// stands in no address, no field and no history. Linked only on the page where a place is chosen.
(() => {
  "use strict";
  const form = document.querySelector("form[data-near]");
  if (!form || !window.htmx || !window.isSecureContext || !navigator.geolocation) return;
  form.append(form.querySelector("template").content.cloneNode(true));
  const [button, status] = ["button", "[role=status]"].map((what) => form.querySelector(what));
  const words = form.dataset;
  const coarse = (degrees) => degrees.toFixed(2);

  function say(text) {
    status.textContent = text;
    button.removeAttribute("aria-disabled");
  }

  function found({ coords }) {
    say("");
    const values = { lat: coarse(coords.latitude), lon: coarse(coords.longitude) };
    window.htmx.ajax("POST", form.action, { source: form, target: "#main", values });
  }

  button.onclick = () => {
    if (button.hasAttribute("aria-disabled")) return;
    say(words.asking);
    button.setAttribute("aria-disabled", "true");
    navigator.geolocation.getCurrentPosition(
      found,
      (problem) => say(problem.code === problem.PERMISSION_DENIED ? words.refused : words.failed),
      { enableHighAccuracy: false, maximumAge: 600e3, timeout: 20e3 },
    );
  };
})();
