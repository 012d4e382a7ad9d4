// Talks to the server: sends the open book, and tells what went wrong in the user's language.

import { currentLanguage, loadTexts, text } from "./texts.js";

export class Failure extends Error {
  constructor(reason, message, answer = {}) {
    super(message);
    this.reason = reason;
    this.places = answer.places ?? [];
  }
}

const PATIENCE = 120_000;
const BY_STATUS = { 401: "no-token", 403: "no-role", 413: "too-large", 429: "too-many" };

// Sends the book as it is on the screen and gives the answer; with `args` it calls a script and
// carries out what comes back.
export async function send(path, { args = null } = {}) {
  const auth = await globalThis.getAuth();
  return await inExcel(async (context) => {
    // Both are given, or xlwings would look for them in a sheet of the workbook.
    const given = { auth: auth.token || "-", headers: { "Content-Type": "application/json" } };
    const payload = await xlwings.getBookData(given, context);
    if (args) payload.args = args;
    const answer = await post(path, JSON.stringify(payload), auth);
    if (args) await xlwings.runActions(answer, context);
    return answer;
  });
}

export async function runScript(name, place) {
  await send(`/xlwings/custom-scripts-call/${name}`, { args: [currentLanguage(), place] });
  document.dispatchEvent(new CustomEvent("cmswp-pressed", { detail: { name, place } }));
}

// A button of the ribbon has no pane to tell in, so what went wrong is told by a dialog.
export async function pressOnRibbon(name) {
  try {
    await loadTexts();
    await runScript(name, "ribbon");
  } catch (error) {
    const args = [failureOf(error).message, text("title"), "ok", "critical", ""];
    await xlwings.runActions({ actions: [{ func: "alert", args }] });
  }
}

export async function goTo(sheet, cell) {
  await inExcel(async (context) => {
    const found = context.workbook.worksheets.getItemOrNullObject(sheet).load("visibility");
    await context.sync();
    if (found.isNullObject) throw new Failure("sheet-gone", text("sheet-gone"));
    if (found.visibility !== "Visible") found.visibility = "Visible";
    found.activate();
    if (cell) found.getRange(cell).select();
    await context.sync();
  });
}

export function failureOf(error) {
  if (error instanceof Failure) return error;
  console.error(error);
  return new Failure("excel", text("answer.excel"));
}

async function inExcel(act) {
  let result;
  await Excel.run(async (context) => {
    result = await act(context);
  });
  return result;
}

// XMLHttpRequest, as Excel on the Mac ends a fetch after a minute.
function post(path, body, auth) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", globalThis.location.origin + path);
    request.timeout = PATIENCE;
    request.setRequestHeader("Content-Type", "application/json");
    if (auth.token) request.setRequestHeader("Authorization", auth.token);
    if (auth.provider) request.setRequestHeader("Auth-Provider", auth.provider);
    request.onload = () => {
      try {
        if (request.status !== 200) reject(failed(request, auth));
        else resolve(JSON.parse(request.responseText));
      } catch (error) {
        reject(error);
      }
    };
    request.onerror = () => reject(new Failure("unreachable", text("answer.unreachable")));
    request.ontimeout = request.onerror;
    request.send(body);
  });
}

function failed(request, auth) {
  let answer = {};
  try {
    answer = JSON.parse(request.responseText);
  } catch {
    // Not an answer of ours; the status says enough.
  }
  let reason = answer.reason ?? BY_STATUS[request.status] ?? "failed";
  if (reason === "no-token" && !auth.token) reason = "signed-out";
  const own = text(`answer.${reason}`, { languages: answer.languages ?? "" });
  const told = request.status === 422 ? String(answer.detail ?? "") : "";
  return new Failure(reason, own || told || text("answer.failed"), answer);
}
