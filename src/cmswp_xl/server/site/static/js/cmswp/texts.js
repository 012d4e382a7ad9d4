// The words of the pane in the user's language, which is remembered.

const LANGUAGES = ["en", "fr", "es"];
const KEY = "cmswp.language";

let texts = {};
let language = null;

export function currentLanguage() {
  language ??= remembered() ?? ofExcel();
  return language;
}

export function chooseLanguage(chosen) {
  language = LANGUAGES.includes(chosen) ? chosen : "en";
  texts = {};
  try {
    localStorage.setItem(KEY, language);
  } catch {
    // Without storage the choice lasts as long as the pane.
  }
}

export async function loadTexts() {
  await Office.onReady();
  if (Object.keys(texts).length) return;
  const response = await fetch(`${globalThis.location.origin}/cmswp/texts?lang=${currentLanguage()}`);
  if (response.ok) texts = await response.json();
}

// Gives a text with its {places} filled; nothing for a text that is not there.
export function text(key, places = {}) {
  return (texts[key] ?? "").replace(/\{(\w+)\}/g, (whole, name) => places[name] ?? whole);
}

export function localeTag() {
  return { en: "en-GB", fr: "fr-FR", es: "es-ES" }[currentLanguage()];
}

function remembered() {
  try {
    const found = localStorage.getItem(KEY);
    return LANGUAGES.includes(found) ? found : null;
  } catch {
    return null;
  }
}

function ofExcel() {
  const found = String(Office.context?.displayLanguage ?? "").slice(0, 2).toLowerCase();
  return LANGUAGES.includes(found) ? found : "en";
}
