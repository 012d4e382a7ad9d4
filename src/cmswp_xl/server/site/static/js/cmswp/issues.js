// The list of issues by severity; pressing one goes to its cell.

import { element, icon } from "./elements.js";
import { text } from "./texts.js";

const GROUPS = [
  ["error", "errors"],
  ["warning", "warnings"],
  ["info", "notes"],
];
const MOST = 50;

// Shows the issues of an answer in the group elements; `go` takes sheet and cell.
export function showIssues(answer, place, go) {
  const bySeverity = grouped(answer.issues);
  const groups = GROUPS.filter(([severity]) => bySeverity.get(severity)?.length).map(
    ([severity, label], index) => group(severity, label, bySeverity.get(severity), index === 0, go),
  );
  place.replaceChildren(...groups);
}

export function showSkipped(checks, place) {
  place.hidden = checks.length === 0;
  const list = element("ul", {}, ...checks.map((check) => element("li", { text: check })));
  place.replaceChildren(
    element(
      "details",
      {},
      element("summary", { text: `${text("skipped")} (${checks.length})` }),
      element("p", { text: text("skipped-text") }),
      list,
    ),
  );
}

function group(severity, label, issues, open, go) {
  const list = element("ul", { className: "issues" });
  const fill = (to) => {
    const from = list.querySelectorAll(".issue").length;
    list.querySelector(".more")?.remove();
    list.append(...issues.slice(from, to).map((issue) => row(issue, go)));
    if (to < issues.length) list.append(more(issues.length - to, () => fill(to + 4 * MOST)));
  };
  fill(MOST);
  return element(
    "details",
    { className: `group group-${severity}`, open: open ? "" : null },
    element(
      "summary",
      {},
      icon("chevron", "icon chevron"),
      element("h2", { text: text(label) }),
      element("span", { className: "badge", text: String(issues.length) }),
    ),
    list,
  );
}

function row(issue, go) {
  const place = [issue.sheet, issue.cell].filter(Boolean).join("!");
  const words = [
    element("span", { className: "issue-place", text: place }),
    element("span", { className: "issue-message", text: issue.message }),
    element("span", { className: "issue-remedy", text: issue.remedy }),
  ];
  const name = text(issue.severity);
  const body = [
    icon(issue.severity, `icon severity-${issue.severity}`),
    element("span", { className: "hidden-label", text: `${name}: ` }),
    element("span", { className: "issue-words" }, ...words),
  ];
  const pressed = issue.sheet
    ? element("button", { type: "button", className: "issue-button" }, ...body)
    : element("div", { className: "issue-button" }, ...body);
  if (issue.sheet) {
    pressed.title = text("go-to", { place });
    pressed.addEventListener("click", () => go(issue.sheet, issue.cell));
  }
  return element("li", { className: "issue" }, pressed);
}

function more(count, show) {
  const button = element("button", {
    type: "button",
    className: "link",
    text: text("show-more", { count }),
  });
  button.addEventListener("click", show);
  return element("li", { className: "more" }, button);
}

function grouped(issues) {
  const found = new Map();
  for (const issue of issues) {
    if (!found.has(issue.severity)) found.set(issue.severity, []);
    found.get(issue.severity).push(issue);
  }
  return found;
}
