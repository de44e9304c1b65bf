(() => {
  const line = document.currentScript, base = {{ base | tojson }}, theme = ["dark", "auto"].includes(line.dataset.theme) ? line.dataset.theme : "light";
  const box = document.createElement("div"), link = document.createElement("a"), frame = document.createElement("iframe");
  link.href = base;
  link.textContent = {{ words.hosted | tojson }};
  frame.title = {{ form.title | tojson }};
  frame.style.cssText = "width:100%;border:0;display:block;height:640px;color-scheme:" + (theme === "auto" ? "normal" : theme);
  frame.src = base + "/embed?theme=" + theme + "&page=" + encodeURIComponent(location.href.slice(0, 900));
  frame.allow = "";
  // Where the frame never says that it is there (a policy of the site, a blocker), people get a link.
  const lost = setTimeout(() => { frame.remove(); box.append(link); }, 8000);
  addEventListener("message", (event) => {
    if (event.source !== frame.contentWindow || event.origin !== new URL(base).origin) return;
    clearTimeout(lost);
    if (event.data.height > 0) frame.style.height = Math.min(Math.ceil(event.data.height), 5000) + "px";
    if (event.data.sent) box.scrollIntoView({ block: "nearest" });
  });
  box.append(frame);
  line.after(box);
})();
