// Language, direction and theme, before anything is drawn: as they were chosen here, or else as the browser has them.
{
  const root = document.documentElement;
  const kept = (name) => {
    try {
      return localStorage.getItem(name);
    } catch {
      return null;
    }
  };
  const languages = ["ar", "fa", "en"];
  const browsers = navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => languages.includes(tag)) ?? "en";
  root.lang = languages.includes(kept("khabar.language")) ? kept("khabar.language") : browsers;
  root.dir = root.lang === "en" ? "ltr" : "rtl";
  const theme = kept("khabar.theme");
  const dark = theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  root.dataset.theme = dark ? "dark" : "light";

  // What breaks unexpectedly in the page's own scripts, or keeps one from being there, is told in a line instead of silence.
  const isOurs = (place) => /\/page\/static\//.test(place ?? "");
  const stumbled = () => (root.dataset.stumbled = "yes");
  addEventListener("error", ({ target, filename }) => isOurs(target instanceof HTMLScriptElement ? target.src : filename) && stumbled(), true);
  addEventListener("unhandledrejection", ({ reason }) => isOurs(reason?.stack) && stumbled());

  // Gradio's own requests go where this page came from, whatever a proxy told the server of that.
  let config;
  Object.defineProperty(window, "gradio_config", {
    configurable: true,
    get: () => config,
    set: (given) => (config = { ...given, root: new URL(".", document.baseURI).href.replace(/\/$/, "") }),
  });
}
