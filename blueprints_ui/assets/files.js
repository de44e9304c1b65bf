// Files for the next message: chosen, dropped or pasted. Large photos are made smaller here, so that any carrier takes them.

const LONGEST_SIDE = 2048;
const LARGE = 1_200_000;
const SHRINKS = ["image/jpeg", "image/png", "image/webp"];

async function smaller(file) {
  if (!SHRINKS.includes(file.type) || (file.size < LARGE && file.type !== "image/webp")) return file;
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [picture.width * scale, picture.height * scale];
    const pen = canvas.getContext("2d");
    pen.fillStyle = "white"; // what was see-through would be black
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const data = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    return data && data.size < file.size ? new File([data], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }) : file;
  } catch {
    return file;
  }
}

async function attach(some) {
  const input = document.getElementById("file");
  const list = document.getElementById("files");
  if (!input || !some.length) return;
  const form = new FormData();
  for (const file of some) form.append("file", await smaller(file));
  const headers = { "HX-Request": "true", "HX-Request-Type": "partial", ...JSON.parse(document.body.getAttribute("hx-headers:inherited")) };
  const wait = document.createElement("span");
  wait.className = "py-2 text-xs text-muted-foreground";
  wait.textContent = "Adding…";
  list.append(wait);
  try {
    const answer = await fetch(input.dataset.files, { method: "POST", body: form, headers });
    if (answer.status === 413) window.toast("These files are too large together. Add them one by one.", "bad");
    else if (!answer.ok) throw new Error(String(answer.status));
    else {
      list.insertAdjacentHTML("beforeend", await answer.text());
      htmx.process(list);
    }
  } catch {
    window.toast("The file did not reach us. Check the connection and try again.", "bad");
  }
  wait.remove();
  input.value = "";
  filled();
}

// With a file there is something to send, also without words.
function filled() {
  const body = document.getElementById("body");
  const button = document.querySelector("[data-send]");
  if (body && button) button.disabled = !body.value.trim() && !document.querySelector("#files input[name=attachment]");
}
window.filesFilled = filled;

document.addEventListener("change", (event) => event.target.id === "file" && attach([...event.target.files]));
document.addEventListener("paste", (event) => {
  if (event.target.id === "body" && event.clipboardData.files.length) {
    event.preventDefault();
    attach([...event.clipboardData.files]);
  }
});
document.addEventListener("dragover", (event) => {
  if (event.target.closest?.("#thread") && event.dataTransfer.types.includes("Files")) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  if (!event.target.closest?.("#thread") || !event.dataTransfer.files.length) return;
  event.preventDefault();
  window.writeMode("reply");
  attach([...event.dataTransfer.files]);
});
for (const name of ["input", "htmx:after:swap"]) document.addEventListener(name, filled);
