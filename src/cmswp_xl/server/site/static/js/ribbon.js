// The buttons of the ribbon. Each calls its script on the server; what comes back is carried out.

const cmswpClient = import("./cmswp/client.js");

const NAMES = [
  ...["validate", "next_issue", "clear_marks", "take_over", "renumber", "refresh_totals", "unfunded_list", "approve"],
];

for (const name of NAMES) {
  Office.actions.associate(`cmswp-${name}`, async (event) => {
    try {
      await (await cmswpClient).pressOnRibbon(name);
    } finally {
      event.completed();
    }
  });
}
