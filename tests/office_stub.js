// A small Excel behind Office.js, for tests of the task pane in a browser without Excel.
//
// The workbook comes as globalThis.__book: sheets with values, number formats and tables. Every
// property is there at once; load() and sync() do nothing. What is written is kept in the sheets
// and noted in globalThis.__excel.log.
(() => {
  const book = globalThis.__book;
  const log = [];
  const note = (...entry) => log.push(entry);

  const letters = (index) => {
    let name = "";
    for (let rest = index + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) {
      name = String.fromCharCode(65 + ((rest - 1) % 26)) + name;
    }
    return name;
  };
  const corner = (address) => {
    const [, column, row] = /^\$?([A-Z]+)\$?(\d+)$/.exec(address);
    const number = [...column].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);
    return [Number(row) - 1, number - 1];
  };

  // Every proxy of Office.js can be loaded and may be null.
  const proxy = (members) =>
    Object.defineProperties(
      { load: function () { return this; }, isNullObject: false },
      Object.getOwnPropertyDescriptors(members),
    );
  const nothing = proxy({ isNullObject: true });
  const collection = (items, byName = (item) => item.name) =>
    proxy({
      items,
      getItem: (name) => items.find((item) => byName(item) === name),
      getItemOrNullObject: (name) => items.find((item) => byName(item) === name) ?? nothing,
    });

  function conditionalFormats(sheet, address) {
    return proxy({
      get items() {
        return sheet.rules;
      },
      add(type) {
        const rule = proxy({
          type,
          address,
          priority: 0,
          custom: proxy({
            rule: proxy({ formula: "" }),
            format: { fill: {}, font: {} },
          }),
          delete() {
            sheet.rules.splice(sheet.rules.indexOf(rule), 1);
            note("unmark", sheet.name, address);
          },
        });
        sheet.rules.push(rule);
        note("mark", sheet.name, address);
        return rule;
      },
    });
  }

  function range(sheet, top, left, height, width) {
    const last = `${letters(left + width - 1)}${top + height}`;
    const first = `${letters(left)}${top + 1}`;
    const area = first === last ? first : `${first}:${last}`;
    const grid = (read) =>
      Array.from({ length: height }, (_, row) =>
        Array.from({ length: width }, (_, column) => read(top + row, left + column)),
      );
    const each = (change) => {
      for (let row = 0; row < height; row += 1) {
        sheet.grid[top + row] ??= [];
        for (let column = 0; column < width; column += 1) {
          change(sheet.grid[top + row], left + column, row, column);
        }
      }
    };
    const own = proxy({
      rowIndex: top,
      columnIndex: left,
      rowCount: height,
      columnCount: width,
      worksheet: sheet,
      address: `${sheet.name}!${area}`,
      get values() {
        return grid((row, column) => sheet.grid[row]?.[column] ?? "");
      },
      set values(values) {
        note("values", sheet.name, area, values);
        each((cells, column, row, offset) => (cells[column] = values[row][offset]));
      },
      set formulas(values) {
        const rows = Array.isArray(values) ? values : grid(() => values);
        note("formulas", sheet.name, area, rows);
        each((cells, column, row, offset) => (cells[column] = rows[row][offset]));
      },
      get numberFormat() {
        return grid((row, column) => sheet.formats[`${row},${column}`] ?? "General");
      },
      set numberFormat(value) {
        note("numberFormat", sheet.name, area, value);
      },
      set hyperlink(link) {
        note("hyperlink", sheet.name, area, link);
        each((cells, column) => (cells[column] = link.textToDisplay));
      },
      clear(what) {
        note("clear", sheet.name, area, what);
        each((cells, column) => (cells[column] = ""));
      },
      select() {
        note("select", sheet.name, area);
      },
      getEntireColumn: () => own,
      getEntireRow: () => own,
      getSurroundingRegion: () => range(sheet, 0, 0, sheet.grid.length, 2),
      get conditionalFormats() {
        return conditionalFormats(sheet, area);
      },
      format: {
        autofitColumns() {},
        autofitRows() {},
        fill: { clear() {}, color: "" },
        font: {},
        wrapText: false,
        borders: collection([]),
      },
    });
    return own;
  }

  function area(sheet, address) {
    if (!address) return range(sheet, 0, 0, 1_048_576, 16_384);
    const [first, last = first] = address.split("!").pop().split(":");
    const [top, left] = corner(first);
    const [bottom, right] = corner(last);
    return range(sheet, top, left, bottom - top + 1, right - left + 1);
  }

  function table(sheet, { name, ref }) {
    const whole = area(sheet, ref);
    const { rowIndex, columnIndex, rowCount, columnCount } = whole;
    const heads = sheet.grid[rowIndex].slice(columnIndex, columnIndex + columnCount);
    return proxy({
      name,
      showHeaders: true,
      showTotals: false,
      style: "",
      showFilterButton: true,
      highlightFirstColumn: false,
      highlightLastColumn: false,
      showBandedRows: true,
      showBandedColumns: false,
      columns: collection(heads.map((head) => ({ name: head }))),
      getRange: () => whole,
      getHeaderRowRange: () => range(sheet, rowIndex, columnIndex, 1, columnCount),
      getDataBodyRange: () => range(sheet, rowIndex + 1, columnIndex, rowCount - 1, columnCount),
    });
  }

  const sheets = [];
  function worksheet({ name, values = [], formats = {}, tables = [], visibility = "Visible" }) {
    const grid = values.map((row) => [...row]);
    const used = () => {
      const widths = Array.from(grid, (row) => row?.length ?? 0);
      return range(sheet, 0, 0, Math.max(1, grid.length), Math.max(1, ...widths));
    };
    const sheet = proxy({
      name,
      grid,
      formats,
      rules: [],
      visibility,
      showGridlines: true,
      tabColor: "",
      names: collection([]),
      shapes: collection([]),
      charts: collection([]),
      pivotTables: collection([]),
      pageLayout: { getPrintAreaOrNullObject: () => nothing },
      freezePanes: { freezeAt() {}, unfreeze() {} },
      onSelectionChanged: { add: async () => ({}) },
      get position() {
        return sheets.indexOf(sheet);
      },
      set position(place) {
        sheets.splice(sheets.indexOf(sheet), 1);
        sheets.splice(place, 0, sheet);
      },
      getRange: (address) => area(sheet, address),
      getRanges: () => ({
        clear(what) {
          note("clear", name, "", what);
          grid.length = 0;
        },
      }),
      getRangeByIndexes: (row, column, rows, columns) => range(sheet, row, column, rows, columns),
      getUsedRange: used,
      getUsedRangeOrNullObject: () => (grid.length ? used() : nothing),
      activate() {
        if (sheet.visibility !== "Visible") throw new Error("a hidden sheet cannot be activated");
        active = sheet;
        note("activate", name);
      },
    });
    sheet.tables = collection(tables.map((found) => table(sheet, found)));
    sheet.tables.add = (address) => {
      note("table", name, address);
      return proxy({ name: "", getRange: () => area(sheet, String(address)) });
    };
    return sheet;
  }

  book.sheets.forEach((found) => sheets.push(worksheet(found)));
  let active = sheets[0];
  const worksheets = Object.assign(collection(sheets), {
    getActiveWorksheet: () => active,
    add(name) {
      const sheet = worksheet({ name });
      sheets.push(sheet);
      note("sheet", name);
      return sheet;
    },
  });
  const application = proxy({
    calculationMode: "Automatic",
    calculate: () => note("calculate"),
    suspendScreenUpdatingUntilNextSync() {},
  });
  const workbook = proxy({
    name: book.name,
    worksheets,
    application,
    names: collection([]),
    getSelectedRange: () => range(active, 0, 0, 1, 1),
  });
  const context = { workbook, application, sync: async () => {} };

  const buttons = {};
  const functions = {};
  globalThis.__excel = {
    log,
    sheets,
    functions,
    press: (name) => new Promise((done) => buttons[name]({ completed: done })),
    buttons: () => Object.keys(buttons),
    grid: (name) => sheets.find((sheet) => sheet.name === name)?.grid,
    marks: () => sheets.flatMap((sheet) => sheet.rules.map((rule) => [sheet.name, rule.address])),
  };
  const supported = (name, version) =>
    (name === "ExcelApi" && Number(String(version).split(".")[1]) <= 7) ||
    (name === "OpenBrowserWindowApi" && book.desktop === true);
  globalThis.Office = {
    onReady: async (ready) => {
      const info = { host: "Excel", platform: "PC" };
      if (ready) await ready(info);
      return info;
    },
    context: {
      displayLanguage: book.language ?? "en-GB",
      partitionKey: "part-",
      platform: "PC",
      requirements: { isSetSupported: supported },
      ui: {
        displayDialogAsync: (address) => note("dialog", address),
        openBrowserWindow: (address) => note("browser", address),
      },
    },
    actions: { associate: (name, act) => (buttons[name] = act) },
    addin: { showAsTaskpane: async () => {} },
    AsyncResultStatus: {},
    EventType: {},
  };
  globalThis.Excel = {
    run: async (first, second) => await (second ?? first)(context),
    RequestContext: function () {
      return context;
    },
    ClearApplyTo: { all: "All", contents: "Contents", formats: "Formats" },
    ShapeType: { image: "Image" },
    CalculationType: { full: "Full", recalculate: "Recalculate" },
    WorksheetPositionType: {},
  };
  globalThis.CustomFunctions = {
    associate: (name, call) => (functions[name] = call),
    Error: class extends Error {},
    ErrorCode: { invalidValue: "#VALUE!" },
  };
})();
