// The script of the pages. Without it they can be read and used; with it, forms answer in place, a meeting is watched
// as it happens, an entry opens beside the minutes, lists are narrowed while one types, and files can be dropped.
"use strict";
(() => {
  const first = (selector, where = document) => where.querySelector(selector);
  const every = (selector, where = document) => [...where.querySelectorAll(selector)];
  let silence = 0;
  const say = (text) => {
    const place = first("#said");
    place.textContent = "";
    place.textContent = text;
    clearTimeout(silence);
    silence = setTimeout(() => { place.textContent = ""; }, 15000);
  };

  // What was done stands on the page to which a form led.
  if (first("#said").textContent) say(first("#said").textContent);

  // Forms with data-quiet are sent without leaving the page; the answer is a sentence, or the page to go to.
  const send = async (form, button) => {
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form, button)) if (typeof value === "string") body.append(name, value);
    const address = (button && button.getAttribute("formaction")) || form.action;
    try {
      const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
      const told = await answer.json();
      if (!answer.ok) return say([told.error, told.remedy].filter(Boolean).join(" "));
      say(told.said);
      for (const field of every("textarea, input[type=text]", form)) field.value = field.defaultValue;
      if (form.dataset.quiet === "go") location.assign(told.to);
      if (form.dataset.quiet === "panel") panel(told.to);
    } catch {
      say("The service did not answer. Try again.");
    }
  };
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-quiet]")) return;
    event.preventDefault();
    send(event.target, event.submitter);
  });

  // Links with data-panel open beside the page, in the element #panel; Escape closes it and goes back to the link.
  let opener = null;
  const panel = async (address) => {
    const place = first("#panel");
    const answer = await fetch(address + (address.includes("?") ? "&" : "?") + "part=1");
    if (!place || !answer.ok) return location.assign(address);
    first(".content", place).innerHTML = await answer.text();
    place.hidden = false;
    (first("h2", place) || place).focus();
  };
  const close = () => {
    const place = first("#panel");
    if (!place || place.hidden) return;
    place.hidden = true;
    if (opener && opener.isConnected) opener.focus();
  };
  document.addEventListener("click", (event) => {
    if (event.target.closest("#panel .close")) return close();
    const link = event.target.closest("a[data-panel]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    opener = link;
    panel(link.href);
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });

  // A field with data-narrows, which only a script shows, leaves those parts of a list whose words contain what was
  // typed; the chosen part stays. Parts that only have them in words with data-less come last. The output has the number.
  const orders = new Map();
  for (const field of every("[data-narrows]")) (field.closest("[hidden]") || field).hidden = false;
  document.addEventListener("input", (event) => {
    const list = event.target.dataset.narrows && first(event.target.dataset.narrows);
    if (!list) return;
    const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
    if (!orders.has(list)) orders.set(list, [...list.children]);
    const last = [];
    let count = 0;
    for (const one of orders.get(list)) {
      const has = (text) => words.every((word) => text.toLowerCase().includes(word));
      const less = first("[data-less]", one);
      const found = has(one.textContent), chosen = first("input:checked", one);
      if (!chosen && less && !has(one.textContent.replace(less.textContent, " "))) last.push(one);
      one.hidden = !found && !chosen;
      count += found;
    }
    list.append(...orders.get(list).filter((one) => !last.includes(one)), ...last);
    const told = first("output", event.target.closest("p") || list);
    if (told) told.textContent = words.length ? count + " found" : "";
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.dataset && event.target.dataset.narrows) event.preventDefault();
  });

  // Files dropped on an element with data-drop go into the field of files in it. What was chosen is listed, and what is
  // too large: data-text, data-file and data-all are the most bytes of a text, of another file, and of all together.
  const sized = (bytes) => {
    if (bytes < 1000) return bytes + " bytes";
    return bytes < 999500 ? Math.round(bytes / 1000) + " kB" : Math.round(bytes / 1e5) / 10 + " MB";
  };
  for (const place of every("[data-drop]")) {
    const field = first("input[type=file]", place);
    const over = (event) => { event.preventDefault(); place.classList.toggle("over", event.type === "dragover"); };
    for (const kind of ["dragover", "dragleave", "drop"]) place.addEventListener(kind, over);
    place.addEventListener("drop", (event) => {
      const files = new DataTransfer();
      for (const file of [...field.files, ...event.dataTransfer.files]) files.items.add(file);
      field.files = files.files;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
    field.addEventListener("change", () => {
      const { text, file: other, all } = place.dataset;
      const told = [[...field.files].map((file) => file.name + " (" + sized(file.size) + ")").join(", ")];
      let sum = 0;
      for (const file of field.files) {
        const most = /^text\/(?!rtf)|json/.test(file.type) ? text : other;
        if (file.size > most) told.push(file.name + " is larger than " + sized(most) + ".");
        sum += file.size;
      }
      if (sum > all) told.push("Together the files have " + sized(sum) + ", and at most " + sized(all) + " can be sent.");
      first("output", place).textContent = told.join("\n");
    });
  }

  // A meeting as it happens. A message has what was said since the last one, the regions of the page that changed, and
  // the words that arrived for each seat. After a break the browser asks for what came after the last id, and gets all
  // regions: one that is the same stays, so that nobody loses what is being typed. Nothing here asks for the layout.
  const watched = first("[data-stream]");
  if (watched) {
    const source = new EventSource(watched.dataset.stream);
    const link = first("#link");
    const spoken = first("#transcript");
    const state = (text) => { link.textContent = text; link.className = "state " + text.split(" ", 1)[0]; };
    const most = 400;
    // Words that were written and not sent stay on the page, also when the question is gone to which they belong.
    const sent = new WeakSet();
    document.addEventListener("submit", (event) => sent.add(event.target));
    document.addEventListener("input", (event) => { if (event.target.form) sent.delete(event.target.form); });
    const keep = (field) => {
      if (!field.value) return;
      const label = document.createElement("label");
      const box = document.createElement("textarea");
      label.className = "field";
      box.value = field.value;
      label.append("What you wrote, not sent", box);
      first("#chair").after(label);
    };
    source.addEventListener("open", () => state("live"));
    source.addEventListener("error", () => state(source.readyState === 2 ? "not updated by itself" : "connecting again"));
    source.addEventListener("change", (event) => {
      const told = JSON.parse(event.data);
      for (const [id, markup] of told.said || []) {
        if (id && document.getElementById(id)) continue;
        spoken.insertAdjacentHTML("beforeend", markup);
      }
      while (spoken.childElementCount > most) spoken.firstElementChild.remove();
      for (const [id, markup] of Object.entries(told.regions || {})) {
        const place = document.getElementById(id);
        const fresh = document.createElement("template");
        fresh.innerHTML = markup;
        if (!place || place.innerHTML === fresh.innerHTML) continue;
        // What is being sent is cleared when it was taken.
        for (const field of every("textarea", place)) setTimeout(keep, sent.has(field.form) ? 3000 : 0, field);
        place.replaceChildren(fresh.content);
      }
      for (const [id, [fresh, text]] of Object.entries(told.words || {})) {
        const place = document.getElementById(id);
        if (!place) continue;
        if (fresh) place.textContent = "";
        place.append(text);
        // Only the end is seen; many words would be laid out again with each new one.
        if (place.childNodes.length > 60) for (let n = 0; n < 40; n++) place.firstChild.remove();
      }
      if (told.news) first("#news").textContent = told.news;
    });
    source.addEventListener("end", (event) => {
      source.close();
      const parked = first("#clock .interrupted");
      state(parked ? "parked" : "ended");
      const words = every("textarea").some((field) => field.value);
      if (words) say((parked ? "The meeting is parked." : "The meeting has ended.") + " What you wrote stays on this page.");
      else location.reload();
    });
  }
})();
