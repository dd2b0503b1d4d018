// Addresses and pages. All that is on screen is in the address: a page reads it when it is shown, and writes what the user
// changes back, so that a link reproduces it.
import { announce } from "./ui/announcer.js";
import { errorState } from "./ui/states.js";
import { hideTip } from "./ui/tip.js";
import { replace } from "./ui/dom.js";

/** What a page gets: its part of the address, the model, and a signal that ends its work when it is left. */
class Context {
  constructor(router, url, path) {
    const stay = new AbortController();
    this.router = router;
    this.path = path;
    this.query = url.searchParams;
    this.rest = url.pathname.slice(path.length).replace(/^\//, "");
    this.model = this.query.get("model") || router.standardModel;
    this.info = router.modelNamed(this.model) ?? null;
    this.signal = stay.signal;
    this.leave = () => stay.abort();
  }

  /** A parameter of the address, or what stands for it where it is missing. */
  get(name, fallback = "") {
    return this.query.get(name) ?? fallback;
  }

  /** A parameter that is a whole number not below 0. */
  int(name, fallback) {
    const text = this.query.get(name);
    return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : fallback;
  }

  /** Writes parameters to the address; null takes one away. A page that has been left no longer writes. */
  set(changes) {
    if (this.signal.aborted) return;
    for (const [name, value] of Object.entries(changes)) {
      if (value === null || value === undefined || value === "") this.query.delete(name);
      else this.query.set(name, value);
    }
    const text = this.query.toString();
    history.replaceState(null, "", location.pathname + (text ? `?${text}` : ""));
    this.router.onShow(this.router.route, this.query, this.model);
  }

  /** The address of another page with the same model. */
  link(path, parameters = {}) {
    const query = new URLSearchParams();
    if (this.query.get("model")) query.set("model", this.query.get("model"));
    for (const [name, value] of Object.entries(parameters)) {
      if (value !== null && value !== undefined && value !== "") query.set(name, value);
    }
    return path + (query.size ? `?${query}` : "");
  }
}

export class Router {
  constructor(options) {
    Object.assign(this, options);
    this.context = null;
    this.shown = 0;
  }

  start() {
    document.addEventListener("click", (event) => this.follow(event));
    window.addEventListener("popstate", () => this.show(false));
    // A tab that closes ends its streams, and with them its work.
    window.addEventListener("pagehide", () => this.context?.leave());
    window.addEventListener("pageshow", (event) => event.persisted && this.show(false));
    this.show(false);
  }

  /** Links within the explorer change the page without loading it anew. */
  follow(event) {
    const link = event.target.closest?.("a[href]");
    if (!link || event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const url = new URL(link.href);
    if (link.target || link.hasAttribute("download") || url.origin !== location.origin) return;
    if (url.hash || url.pathname.startsWith("/api/") || url.pathname.startsWith("/assets/")) return;
    event.preventDefault();
    this.go(url.pathname + url.search);
  }

  go(address) {
    history.pushState(null, "", address);
    this.show(true);
  }

  /** Another model has other layers, heads and tokens: only what does not depend on them stays in the address. */
  switchModel(name) {
    const kept = new URLSearchParams();
    for (const field of ["score", "kind", "n", "seed", "direction", "mode", "metric"]) {
      const value = this.context?.query.get(field);
      if (value) kept.set(field, value);
    }
    kept.set("model", name);
    this.go(`${this.route.path}?${kept}`);
  }

  async show(movesFocus) {
    this.context?.leave();
    hideTip();
    const url = new URL(location.href);
    const path = url.pathname === "/" ? "/heads" : url.pathname;
    this.route = this.pages.find((page) => path === page.path || path.startsWith(`${page.path}/`)) ?? this.pages[0];
    const context = new Context(this, url, this.route.path);
    this.context = context;
    this.onShow(this.route, context.query, context.model);
    document.title = `${this.route.title} · ${context.model} · induct`;
    const turn = ++this.shown;
    const root = document.createElement("div");
    root.className = "page";
    try {
      const page = await this.route.load();
      if (turn !== this.shown) return;
      replace(this.main, root);
      if (movesFocus) {
        this.main.focus({ preventScroll: true });
        window.scrollTo(0, 0);
        announce(`${this.route.title} of ${context.model}`);
      }
      await page.show(root, context);
    } catch (error) {
      if (context.signal.aborted) return;
      replace(this.main, errorState(error, () => this.show(false)));
    }
  }
}
