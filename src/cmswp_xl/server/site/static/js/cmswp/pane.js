// The task pane: one button to validate, then issues, totals and documents.

import { failureOf, goTo, runScript, send } from "./client.js";
import { element, icon } from "./elements.js";
import { compare, showIssues, showSkipped, wireFilters } from "./issues.js";
import { chooseLanguage, currentLanguage, loadTexts, localeTag, text } from "./texts.js";
import { showTotals } from "./totals.js";

const $ = (id) => document.getElementById(id);
let answer = null;
let earlier = null;
let checkedAt = null;
let busy = false;

function translate() {
  document.documentElement.lang = currentLanguage();
  document.title = text("title");
  for (const found of document.querySelectorAll("[data-text]")) {
    found.textContent = text(found.dataset.text);
  }
  $("about").textContent = text("about", { version: $("about").dataset.version });
  $("language").value = currentLanguage();
  document.querySelector("#xlwings-office-ready-error div div").textContent = text("not-loaded");
  $("xlwings-taskpane-reload-btn").textContent = text("reload");
  $("xlwings-taskpane-reload-cancel-btn").textContent = text("cancel");
  render();
}

function render() {
  $("start").hidden = answer !== null;
  $("tiles").hidden = answer === null;
  if (answer === null) {
    showTotals(null, $("totals"));
    if (!checkedAt) $("totals").replaceChildren(element("p", { className: "quiet empty", text: text("start-text") }));
    return;
  }
  const notes = answer.issues.length - answer.errors - answer.warnings;
  for (const [name, count] of [["error", answer.errors], ["warning", answer.warnings], ["info", notes]]) {
    const found = document.querySelector(`[data-count="${name}"]`);
    found.textContent = new Intl.NumberFormat(localeTag()).format(count);
    found.closest(".tile").classList.toggle("none", count === 0);
  }
  const time = new Intl.DateTimeFormat(localeTag(), { timeStyle: "short" }).format(checkedAt);
  $("checked").textContent = text("checked", { time });
  const verdict = answer.issues.length === 0 ? "nothing-found" : answer.errors ? "not-ready" : "ready";
  $("verdict").replaceChildren(bar(answer.errors ? "error" : "success", text(verdict)));
  $("changes").textContent = earlier ? changes() : "";
  showIssues(answer.issues, (sheet, cell) => doing("working", () => goTo(sheet, cell)));
  showSkipped(answer.skipped, $("skipped"));
  showTotals(answer.totals, $("totals"));
}

function changes() {
  const counts = compare(earlier, answer.issues);
  return text(counts.new || counts.corrected ? "changed" : "unchanged", counts);
}

function bar(kind, words, places = []) {
  const lines = words.split("\n").filter(Boolean);
  const body = element("div", { className: "bar-words" }, ...lines.map((line) => element("p", { text: line })));
  if (places.length) body.append(element("ul", {}, ...places.map(placeButton)));
  return element("div", { className: `message message-${kind}` }, icon(kind, `icon severity-${kind}`), body);
}

function placeButton({ sheet, cell, text: title }) {
  const place = [sheet, cell].filter(Boolean).join("!");
  const button = element("button", { type: "button", className: "link", text: `${place} · ${title}` });
  button.addEventListener("click", () => doing("working", () => goTo(sheet, cell)));
  return element("li", {}, button);
}

function tell(kind, words, places) {
  const message = bar(kind, words, places);
  const close = element("button", { type: "button", className: "close", "aria-label": text("close") }, icon("close"));
  close.addEventListener("click", () => message.remove());
  message.append(close);
  $("messages").replaceChildren(message);
}

// Does one thing at a time: shows that it is busy, and tells what went wrong.
async function doing(what, act, button = null) {
  if (busy) return;
  busy = true;
  $("messages").replaceChildren();
  $("live").textContent = text(what);
  $("work").setAttribute("aria-busy", "true");
  button?.classList.add("busy");
  const buttons = [...document.querySelectorAll("#work .button, #work .offer")];
  buttons.forEach((found) => (found.disabled = true));
  try {
    $("live").textContent = (await act()) || text("done");
  } catch (error) {
    failedWith(failureOf(error));
  } finally {
    busy = false;
    $("work").removeAttribute("aria-busy");
    button?.classList.remove("busy");
    buttons.forEach((found) => (found.disabled = false));
  }
}

function failedWith(failure) {
  $("live").textContent = "";
  const tokens = config.authProviders.includes("tokens");
  if (tokens && ["no-token", "signed-out"].includes(failure.reason)) {
    const refused = failure.reason === "no-token";
    globalThis.cmswpToken.set("");
    signedIn();
    if (refused) tell("error", failure.message);
    $("token").focus();
    return;
  }
  tell("error", failure.message, failure.places);
}

function signedIn() {
  const tokens = config.authProviders.includes("tokens");
  const known = !tokens || globalThis.cmswpToken.get() !== "";
  $("sign-in").hidden = known;
  $("work").hidden = !known;
  $("sign-out").hidden = !(tokens && known);
}

// Checks the book and gives what has changed; `again` is the same check in another language.
async function check({ again = false } = {}) {
  const found = await send(`/cmswp/check?lang=${currentLanguage()}`);
  found.issues.forEach((issue, index) => {
    const { code, table, sheet, column, value } = issue;
    issue.key = found.keys[index];
    issue.content = JSON.stringify([code, table || sheet, column, value, issue.key]);
  });
  if (!again) earlier = answer && answer.issues;
  answer = found;
  checkedAt = new Date();
  render();
  return $("changes").textContent;
}

async function download(form) {
  const language = $(form === "all" ? "documents-language" : "document-language").value;
  const query = `lang=${language}&format=${form}&words=${currentLanguage()}`;
  const { name, address, told, places } = await send(`/cmswp/document?${query}`);
  // The web view of desktop Excel may not save files; the user's browser fetches them there.
  if (Office.context.requirements.isSetSupported("OpenBrowserWindowApi", "1.1")) {
    Office.context.ui.openBrowserWindow(globalThis.location.origin + address);
  } else {
    const link = element("a", { href: address, download: name });
    document.body.append(link);
    link.click();
    link.remove();
  }
  tell(places.length ? "warning" : "success", `${text("made", { name })}\n${told}`, places);
}

function chooseTab(chosen) {
  for (const tab of document.querySelectorAll("[role=tab]")) {
    const here = tab === chosen;
    tab.setAttribute("aria-selected", String(here));
    tab.tabIndex = here ? 0 : -1;
    $(tab.getAttribute("aria-controls")).hidden = !here;
  }
}

function moveTab(event) {
  const tabs = [...document.querySelectorAll("[role=tab]")];
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const next = tabs[(tabs.indexOf(event.currentTarget) + step + tabs.length) % tabs.length];
  chooseTab(next);
  next.focus();
}

function wire() {
  wireFilters();
  $("validate").addEventListener("click", (event) => doing("checking", check, event.currentTarget));
  for (const button of document.querySelectorAll("[data-script]")) {
    button.addEventListener("click", () =>
      doing("working", () => runScript(button.dataset.script, "pane"), button),
    );
  }
  for (const button of document.querySelectorAll("[data-document]")) {
    button.addEventListener("click", () =>
      doing("making", () => download(button.dataset.document), button),
    );
  }
  for (const tab of document.querySelectorAll("[role=tab]")) {
    tab.addEventListener("click", () => chooseTab(tab));
    tab.addEventListener("keydown", moveTab);
  }
  $("language").addEventListener("change", changeLanguage);
  $("sign-in").addEventListener("submit", (event) => {
    event.preventDefault();
    globalThis.cmswpToken.set($("token").value.trim());
    $("token").value = "";
    signedIn();
    doing("checking", check, $("validate"));
  });
  $("sign-out").addEventListener("click", () => {
    globalThis.cmswpToken.set("");
    answer = null;
    checkedAt = null;
    for (const id of ["checked", "verdict", "changes", "issues", "messages"]) $(id).replaceChildren();
    for (const id of ["filters", "skipped"]) $(id).hidden = true;
    render();
    signedIn();
  });
  document.addEventListener("cmswp-told", ({ detail }) => {
    tell({ error: "error", warning: "warning" }[detail.severity] ?? "info", detail.text);
  });
  // A check by the ribbon leaves an old list in the pane; the same check renews it.
  document.addEventListener("cmswp-pressed", ({ detail }) => {
    if (detail.place === "ribbon" && detail.name === "validate" && answer) doing("checking", check);
  });
}

async function changeLanguage() {
  chooseLanguage($("language").value);
  $("document-language").value = currentLanguage();
  await loadTexts();
  translate();
  if (answer) await doing("checking", () => check({ again: true }));
}

async function start() {
  await loadTexts();
  wire();
  $("document-language").value = currentLanguage();
  translate();
  signedIn();
  $("cmswp-pane").hidden = false;
}

start();
