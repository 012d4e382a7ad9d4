// The buttons of the ribbon. Each calls its script on the server; what comes back is carried out.

const cmswpClient = import("./cmswp/client.js");

for (const name of ["validate", "next_issue", "clear_marks", "refresh_totals", "unfunded_list"]) {
  Office.actions.associate(`cmswp-${name}`, async (event) => {
    try {
      await (await cmswpClient).pressOnRibbon(name);
    } finally {
      event.completed();
    }
  });
}
