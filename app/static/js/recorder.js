// The microphone, on top of a plain file field: tap to start, tap to stop. Linked only on the page with the recorder.
(() => {
  "use strict";
  const TYPES = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
  const clock = (s) => `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, "0")}`;

  function put(input, blob, type) {
    const name = "voice." + type.slice(6).split(";")[0];
    const box = new DataTransfer();
    box.items.add(new File([blob], name, { type: type.split(";")[0] }));
    input.files = box.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function recorder(box) {
    const type = TYPES.find((one) => MediaRecorder.isTypeSupported(one));
    if (!type) return;
    const words = box.dataset;
    const input = box.querySelector("input[type=file]");
    box.append(box.querySelector("template").content.cloneNode(true));
    const [button, status, audio] = ["button", "[role=status]", "audio"].map((what) => box.querySelector(".rec " + what));
    let machine, began, ticking;
    const say = (text) => { status.textContent = text; };
    const label = (text, on) => { button.setAttribute("aria-label", text); button.classList.toggle("on", on); };
    label(words.start, false);
    say(words.start);

    function done(parts, stream) {
      clearInterval(ticking);
      stream.getTracks().forEach((track) => track.stop());
      const blob = new Blob(parts, { type });
      if (!blob.size) { // stopped before the first sound arrived: nothing to send
        label(words.start, false);
        say(words.start);
        return;
      }
      put(input, blob, type);
      URL.revokeObjectURL(audio.src);
      audio.src = URL.createObjectURL(blob);
      audio.hidden = false;
      label(words.again, false);
      say(`${words.ready}: ${clock((performance.now() - began) / 1000)} · ${Math.ceil(blob.size / 1024)} kB`);
    }

    async function start() {
      let stream;
      try {
        stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      } catch {
        say(words.refused);
        return;
      }
      const parts = [];
      machine = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: 24000 });
      machine.ondataavailable = (event) => parts.push(event.data);
      machine.onstop = () => done(parts, stream);
      machine.start(1000);
      began = performance.now();
      label(words.stop, true);
      ticking = setInterval(() => {
        const seconds = (performance.now() - began) / 1000;
        say(`${words.running}: ${clock(seconds)}`);
        if (seconds >= words.minutes * 60 - 1) machine.stop();
      }, 500);
    }
    button.onclick = () => (machine && machine.state === "recording" ? machine.stop() : start());
  }

  if (window.MediaRecorder && navigator.mediaDevices) document.querySelectorAll("[data-recorder]").forEach(recorder);
})();
