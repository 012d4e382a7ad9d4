// What xlwings calls by name when a button's answer says so.

const MARK = '"cmswp"="cmswp"';

// Deletes our marks, which have this formula, on every sheet; the user's own formats stay.
async function cmswpClearMarks(context) {
  const sheets = context.workbook.worksheets.load("items/name");
  await context.sync();
  const formats = sheets.items.map((sheet) => sheet.getRange().conditionalFormats.load("items/type"));
  await context.sync();
  const custom = formats.flatMap((found) => found.items.filter((item) => item.type === "Custom"));
  const rules = custom.map((item) => item.custom.rule.load("formula"));
  await context.sync();
  custom
    .filter((_, index) => rules[index].formula.replace(/^=/, "").replaceAll(" ", "") === MARK)
    .forEach((item) => item.delete());
  await context.sync();
}

// Shows in the pane what a button pressed there has to tell.
async function cmswpTold(_context, text, severity) {
  document.dispatchEvent(new CustomEvent("cmswp-told", { detail: { text, severity } }));
}

xlwings.registerCallback(cmswpClearMarks);
xlwings.registerCallback(cmswpTold);
