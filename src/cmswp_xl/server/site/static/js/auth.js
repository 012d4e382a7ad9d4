// Who is signed in: by Microsoft Entra ID, or by a token kept for this add-in on this computer.

globalThis.cmswpToken = (() => {
  // Excel on the web gives each of its tenants a part of the storage of its own.
  const key = () => `${globalThis.Office?.context?.partitionKey ?? ""}cmswp.token`;
  let token = null;
  return {
    get() {
      try {
        return token ?? localStorage.getItem(key()) ?? "";
      } catch {
        return token ?? "";
      }
    },
    set(value) {
      token = value;
      try {
        if (value) localStorage.setItem(key(), value);
        else localStorage.removeItem(key());
      } catch {
        // Without storage the token lasts as long as the pane.
      }
    },
  };
})();

globalThis.getAuth = async function () {
  if (config.authProviders.includes("entraid")) {
    return { token: await xlwings.getAccessToken(), provider: "entraid" };
  }
  if (config.authProviders.includes("tokens")) {
    const token = globalThis.cmswpToken.get();
    return { token: token ? `Bearer ${token}` : "", provider: "tokens" };
  }
  return { token: "", provider: "" };
};
