// The list of issues, searched and filtered; pressing one goes to its cell.

import { element, icon } from "./elements.js";
import { localeTag, text } from "./texts.js";

const SEVERITIES = { error: "errors", warning: "warnings", info: "notes" };
const MOST = 50;
const $ = (id) => document.getElementById(id);

let issues = [];
let go = null;

// Takes the issues of an answer, the gravest first; `act` takes sheet and cell.
export function showIssues(found, act) {
  const order = Object.keys(SEVERITIES);
  issues = found.toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
  issues.forEach((issue) => (issue.words = plain(words(issue))));
  go = act;
  $("filters").hidden = issues.length === 0;
  const fresh = issues.filter((issue) => issue.fresh).length;
  $("new-only-row").hidden = fresh === 0;
  if (fresh === 0) $("new-only").checked = false;
  $("new-only-label").textContent = counted(text("new-only"), fresh);
  $("search").placeholder = text("search");
  choices($("by-sheet"), "sheet", (sheet) => sheet || text("whole"));
  choices($("by-severity"), "severity", (severity) => text(SEVERITIES[severity]));
  filter();
}

export function wireFilters() {
  $("search").addEventListener("input", filter);
  for (const id of ["by-sheet", "by-severity", "new-only"]) $(id).addEventListener("change", filter);
}

// Marks the issues that an earlier list did not have, and counts those and the ones that are gone.
// Issues are the same by what they say of which row, so that rows may be inserted or sorted.
export function compare(before, now) {
  const left = new Map();
  for (const issue of before) left.set(issue.content, (left.get(issue.content) ?? 0) + 1);
  for (const issue of now) {
    const count = left.get(issue.content) ?? 0;
    issue.fresh = count === 0;
    if (count) left.set(issue.content, count - 1);
  }
  const fresh = now.filter((issue) => issue.fresh).length;
  return { new: fresh, corrected: before.length - now.length + fresh };
}

export function showSkipped(checks, place) {
  place.hidden = checks.length === 0;
  const list = element("ul", {}, ...checks.map((check) => element("li", { text: check })));
  place.replaceChildren(
    element(
      "details",
      {},
      element("summary", { text: counted(text("skipped"), checks.length) }),
      element("p", { text: text("skipped-text") }),
      list,
    ),
  );
}

// Fills a list of choices with every value of a field, and keeps the choice where it can.
function choices(select, field, label) {
  const chosen = select.value;
  const counts = new Map();
  for (const issue of issues) counts.set(issue[field], (counts.get(issue[field]) ?? 0) + 1);
  const option = (value, name, count) => element("option", { value, text: counted(name, count) });
  select.replaceChildren(
    option("", text("any"), issues.length),
    ...[...counts].map(([value, count]) => option(`=${value}`, label(value), count)),
  );
  select.value = chosen;
  if (select.selectedIndex < 0) select.value = "";
}

function filter() {
  const wanted = plain($("search").value).split(/\s+/).filter(Boolean);
  const fits = ({ value }, found) => value === "" || value === `=${found}`;
  const shown = issues.filter(
    (issue) =>
      fits($("by-sheet"), issue.sheet) &&
      fits($("by-severity"), issue.severity) &&
      (issue.fresh || !$("new-only").checked) &&
      wanted.every((word) => issue.words.includes(word)),
  );
  $("shown").textContent = text("shown", { shown: number(shown.length), count: number(issues.length) });
  $("issues").replaceChildren();
  fill(shown, MOST);
}

function fill(shown, to) {
  const from = $("issues").querySelectorAll(".issue").length;
  $("issues").querySelector(".more")?.remove();
  const rows = shown.slice(from, to).map(row);
  $("issues").append(...rows);
  if (to < shown.length) $("issues").append(more(shown.length - to, () => fill(shown, to + 4 * MOST)));
  if (from) rows[0].querySelector("button")?.focus();
}

function row(issue) {
  const at = place(issue);
  const badge = issue.fresh ? [element("span", { className: "badge", text: text("new") })] : [];
  const key = issue.key ? [element("span", { className: "quiet", text: issue.key })] : [];
  const words = [
    element("span", { className: "issue-head" }, element("span", { className: "issue-place", text: at || text("whole") }), ...key, ...badge),
    element("span", { className: "issue-message", text: issue.message }),
    element("span", { className: "issue-remedy", text: issue.remedy }),
  ];
  const body = [
    icon(issue.severity, `icon severity-${issue.severity}`),
    element("span", { className: "hidden-label", text: `${text(issue.severity)}: ` }),
    element("span", { className: "issue-words" }, ...words),
  ];
  const pressed = issue.sheet
    ? element("button", { type: "button", className: "issue-button" }, ...body)
    : element("div", { className: "issue-button" }, ...body);
  if (issue.sheet) {
    pressed.title = text("go-to", { place: at });
    pressed.addEventListener("click", () => go(issue.sheet, issue.cell));
  }
  return element("li", { className: "issue" }, pressed);
}

function more(count, show) {
  const button = element("button", {
    type: "button",
    className: "link",
    text: text("show-more", { count: number(count) }),
  });
  button.addEventListener("click", show);
  return element("li", { className: "more" }, button);
}

function place(issue) {
  return [issue.sheet, issue.cell].filter(Boolean).join("!");
}

function words(issue) {
  const { sheet, cell, key, value, message, remedy } = issue;
  return [place(issue), sheet, cell, key, value, message, remedy].filter(Boolean).join("\n");
}

// Without accents and capitals, with one kind of space and apostrophe.
function plain(words) {
  const bare = words.normalize("NFKD").replace(/\p{M}/gu, "");
  return bare.replaceAll("\u2019", "'").replace(/\s/g, " ").toLowerCase();
}

function counted(label, count) {
  return text("counted", { label, count: number(count) });
}

function number(count) {
  return new Intl.NumberFormat(localeTag()).format(count);
}
