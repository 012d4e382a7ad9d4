// The totals with a bar for each programme area: cost = available + to be sought.

import { element } from "./elements.js";
import { localeTag, text } from "./texts.js";

// Amounts come as text with two decimals; they are added in cents, as whole numbers.
const cents = (amount) => (amount === null ? null : BigInt(amount.replace(".", "")));

function available(row) {
  const parts = [row.core, row.voluntary, row.other].map(cents).filter((part) => part !== null);
  return parts.length ? parts.reduce((sum, part) => sum + part, 0n) : null;
}

// All amounts have two decimals as soon as one of them has cents.
function moneyWriter(totals) {
  const amounts = [totals.total, ...totals.rows].flatMap((row) =>
    [row.cost, row.to_be_sought, row.surplus, row.core, row.voluntary, row.other].map(cents),
  );
  const places = amounts.some((amount) => amount !== null && amount % 100n !== 0n) ? 2 : 0;
  const digits = { minimumFractionDigits: places, maximumFractionDigits: places };
  const format = new Intl.NumberFormat(localeTag(), { useGrouping: "always", ...digits });
  return (amount) => (amount === null ? "–" : written(format, Number(amount) / 100));
}

// French and Spanish group by spaces, as in all documents of the programme.
function written(format, number) {
  const parts = format.formatToParts(number);
  const group = localeTag() === "en-GB" ? "," : "\u00a0";
  return parts.map((part) => (part.type === "group" ? group : part.value)).join("");
}

export function showTotals(totals, place) {
  if (!totals) {
    place.replaceChildren(element("p", { className: "quiet empty", text: text("no-totals") }));
    return;
  }
  const largest = totals.rows.map((row) => Number(cents(row.cost) ?? 0n));
  const scale = Math.max(1, ...largest);
  const money = moneyWriter(totals);
  const rows = totals.rows.map((row) => area(row, scale, money));
  const { activities, not_costed: uncosted } = totals.total;
  const costed = uncosted
    ? [element("p", { className: "quiet", text: text("costed-part", { costed: activities - uncosted, all: activities }) })]
    : [];
  place.replaceChildren(
    figures(totals.total, money),
    element("p", { className: "quiet", text: text("in-currency", { currency: totals.currency }) }),
    ...costed,
    element("h2", { text: text("by-area") }),
    legend(),
    element("ul", { className: "areas" }, ...rows),
  );
}

function figures(total, money) {
  const pairs = [
    ["cost", cents(total.cost)],
    ["available", available(total)],
    ["to-be-sought", cents(total.to_be_sought)],
  ];
  if (cents(total.surplus)) pairs.push(["surplus", cents(total.surplus)]);
  return element(
    "dl",
    { className: "figures" },
    ...pairs.map(([name, amount]) =>
      element(
        "div",
        { className: `figure figure-${name}` },
        element("dt", { text: text(name) }),
        element("dd", { text: money(amount) }),
      ),
    ),
  );
}

function legend() {
  return element(
    "p",
    { className: "legend", "aria-hidden": "true" },
    element("span", { className: "key key-available", text: text("available") }),
    element("span", { className: "key key-sought", text: text("to-be-sought") }),
  );
}

function area(row, scale, money) {
  const cost = cents(row.cost);
  const sought = cents(row.to_be_sought) ?? 0n;
  const head = element(
    "div",
    { className: "area-head" },
    element("span", { className: "area-title", text: row.title ?? row.key }),
    element("span", { className: "area-cost", text: money(cost) }),
  );
  if (cost === null) {
    return element("li", {}, head, element("p", { className: "quiet", text: text("not-costed") }));
  }
  const bar = element(
    "div",
    { className: "bar", "aria-hidden": "true" },
    part("part part-available", Number(cost - sought), scale),
    part("part part-sought", Number(sought), scale),
  );
  const words = [
    `${text("available")} ${money(available(row))}`,
    `${text("to-be-sought")} ${money(sought)}`,
  ];
  return element("li", {}, head, bar, element("p", { className: "quiet", text: words.join(" · ") }));
}

function part(className, amount, scale) {
  const made = element("div", { className });
  made.style.width = `${(100 * amount) / scale}%`;
  return made;
}
