// A chosen file, before it is sent: a picture is made small on the phone, what stays too big is said at its field.
(() => {
  "use strict";
  const SIDE = 1600, MOST = 2e6, LIGHT = 4e5; // longest side in points; bytes that are sent at most; bytes not worth the work
  let busy;

  function canvas(width, height) {
    const made = document.createElement("canvas");
    made.width = Math.max(1, width);
    made.height = Math.max(1, height);
    const brush = made.getContext("2d");
    brush.fillStyle = "#fff";
    brush.fillRect(0, 0, made.width, made.height);
    return [made, brush];
  }

  // Tor Browser gives noise in place of what was drawn: then the picture is sent as it is.
  const honest = () => canvas(1, 1)[1].getImageData(0, 0, 1, 1).data.every((part) => part > 247);

  // The drawing has neither place nor date nor name of the file.
  async function small(file) {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    for (let side = SIDE; ; side *= 0.7) {
      const scale = Math.min(1, side / Math.max(picture.width, picture.height));
      const [made, brush] = canvas(picture.width * scale, picture.height * scale);
      brush.drawImage(picture, 0, 0, made.width, made.height);
      const blob = await new Promise((ready) => made.toBlob(ready, "image/jpeg", 0.85));
      if (blob.size <= MOST) return new File([blob], "picture.jpg", { type: "image/jpeg" });
    }
  }

  async function shrink(input, file) {
    const less = honest() && (await small(file));
    if (!less || less.size >= file.size || input.files[0] !== file) return;
    const box = new DataTransfer();
    box.items.add(less);
    input.files = box.files;
  }

  async function look(input, told) {
    const about = (input.getAttribute("aria-describedby") || "").replace(" too-big", "");
    input.setAttribute("aria-describedby", about);
    input.removeAttribute("aria-invalid");
    told.hidden = true;
    const [file] = input.files;
    if (file && "shrink" in told.dataset && file.size > LIGHT) await shrink(input, file).catch(() => {});
    const size = input.files[0] ? input.files[0].size : 0;
    if (size <= told.dataset.most) return;
    const megabytes = Math.ceil(size / 104857.6) / 10;
    told.lastElementChild.textContent = told.dataset.words.replace("{size}", megabytes < 10 ? megabytes : Math.ceil(megabytes));
    told.hidden = false;
    input.setAttribute("aria-describedby", `${about} too-big`);
    input.setAttribute("aria-invalid", "true");
    input.value = "";
  }

  document.addEventListener("change", ({ target }) => {
    const told = target.type === "file" && target.parentNode.querySelector("[data-most]");
    if (!told) return;
    const mine = (busy = look(target, told).finally(() => { if (busy === mine) busy = null; }));
  });
  // Sent while a picture is still being made small: it goes when that is done, unless it stayed too big.
  async function wait(form, file) {
    await busy;
    if (form.querySelector("[data-most]:not([hidden])")) file.focus();
    else if (form.requestSubmit) form.requestSubmit();
    else form.submit();
  }
  document.addEventListener("submit", (event) => {
    const file = event.target.querySelector("input[type=file]");
    if (!file || !(busy || event.target.querySelector("[data-most]:not([hidden])"))) return;
    event.preventDefault();
    event.stopPropagation();
    wait(event.target, file);
  }, true);
})();
