// The frame around the pages: navigation, the model in use, light or dark.
import { get } from "./api.js";
import { emptyState, errorState } from "./ui/states.js";
import { el, replace } from "./ui/dom.js";
import { Router } from "./router.js";
import { startTheme } from "./ui/theme.js";

const pages = [
  { path: "/heads", title: "Heads", keeps: [], load: () => import("./pages/heads.js") },
  { path: "/attention", title: "Attention", keeps: ["prompt"], load: () => import("./pages/attention.js") },
  { path: "/patching", title: "Patching", keeps: ["prompt"], load: () => import("./pages/patching.js") },
  { path: "/lens", title: "Lens", keeps: ["prompt"], load: () => import("./pages/lens.js") },
  { path: "/circuit", title: "Circuit", keeps: [], load: () => import("./pages/circuit.js") },
  { path: "/runs", title: "Runs", keeps: [], load: () => import("./pages/runs.js") },
];

const main = document.getElementById("main");
const modelMenu = document.getElementById("model");
const links = document.getElementById("pages");

/** Whether a model can be used without a download. */
const isHere = (model) => model.place !== "hub";

function drawNavigation(route, query) {
  replace(links, pages.map((page) => {
    const kept = new URLSearchParams();
    for (const name of ["model", ...page.keeps]) {
      if (query.get(name)) kept.set(name, query.get(name));
    }
    const address = page.path + (kept.size ? `?${kept}` : "");
    return el("a", { href: address, "aria-current": page === route ? "page" : null }, page.title);
  }));
}

function drawModels(models, chosen) {
  const usable = models.filter(isHere);
  const option = (model) => el(
    "option",
    { value: model.name, selected: model.name === chosen },
    `${model.name}, ${model.layers} layers of ${model.heads} heads`,
  );
  replace(modelMenu, usable.map(option));
  // A link may name a model by id or path: the server says whether it knows it. Of a path the end says most.
  if (!usable.some((model) => model.name === chosen)) {
    const end = chosen.length > 36 ? `…${chosen.slice(-35)}` : chosen;
    modelMenu.append(el("option", { value: chosen, selected: true }, end));
  }
  modelMenu.title = chosen;
}

async function start() {
  startTheme(document.getElementById("themes"));
  // The page's modules come while the models are asked for; what fails now is said when the page is shown.
  pages.find((page) => location.pathname.startsWith(page.path))?.load().catch(() => {});
  let models;
  try {
    models = (await get("/api/models")).models;
  } catch (error) {
    replace(main, errorState(error, start));
    return;
  }
  const usable = models.filter(isHere);
  if (!usable.length) {
    replace(main, emptyState("No model is here.", "Bundled models come with induct; 'induct fetch' brings others."));
    return;
  }
  const router = new Router({
    main,
    pages,
    standardModel: usable[0].name,
    modelNamed: (name) => models.find((model) => model.name === name || model.id === name),
    onShow(route, query, model) {
      drawNavigation(route, query);
      drawModels(models, model);
    },
  });
  modelMenu.addEventListener("change", () => router.switchModel(modelMenu.value));
  router.start();
}

start();
