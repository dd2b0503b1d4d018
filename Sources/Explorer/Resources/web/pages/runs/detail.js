// One run: its receipt, its figures, its files; a training run also as it goes on.
import { get } from "../../api.js";
import { card, el, replace } from "../../ui/dom.js";
import { bytes } from "../../ui/format.js";
import { errorState, loadingState } from "../../ui/states.js";
import { table } from "../../ui/table.js";
import { showTraining } from "./training.js";

const isPicture = (name) => /\.(svg|png)$/i.test(name);
const isText = (name) => /\.(json|jsonl|csv|md|ya?ml|txt|html)$/i.test(name);

export async function showRun(root, context, id) {
  const host = el("div", { class: "results" }, loadingState("Reading the run"));
  root.append(
    el("p", { class: "trail" }, el("a", { href: context.link("/runs") }, "Runs"), " / "),
    el("h1", {}, id),
    host,
  );
  document.title = `${id} · induct`;
  async function read() {
    let run;
    try {
      run = await get(`/api/runs/${encodeURIComponent(id)}`, context.signal);
    } catch (error) {
      if (!context.signal.aborted) replace(host, errorState(error, read));
      return;
    }
    const live = el("div", { class: "results" });
    replace(
      host,
      run.kind === "training" ? live : null,
      figures(run),
      receipt(run),
      files(run, context),
    );
    if (run.kind === "training") showTraining(live, context, run);
  }
  await read();
}

const addressOf = (run, name) => `/api/runs/${encodeURIComponent(run.id)}/files/${name.split("/").map(encodeURIComponent).join("/")}`;

/** A JSON value flattened to lines "a.b": value; long lists are counted. */
function facts(value, path = "") {
  if (value === null || typeof value !== "object") return [[path, String(value)]];
  if (Array.isArray(value)) {
    return value.every((item) => item === null || typeof item !== "object") && value.length <= 12
      ? [[path, value.join(", ")]]
      : [[path, `${value.length} entries`]];
  }
  return Object.entries(value).flatMap(([name, inner]) => facts(inner, path ? `${path}.${name}` : name));
}

function factList(value) {
  return el("dl", { class: "facts" }, facts(value).map(([name, text]) => el("div", {}, el("dt", {}, name), el("dd", {}, text))));
}

function receipt(run) {
  const parts = [];
  if (run.receipt) {
    const { command, seed, environment, experiment, inputs = [] } = run.receipt;
    parts.push(
      card("Receipt", el("p", { class: "hint" }, "What was asked, of what, where: 'induct verify' does it again and compares."), factList({ command, seed, ...experiment }), el("h3", {}, "Where"), factList(environment ?? {})),
      inputs.length
        ? card("Inputs", table("Files that went in", ["File", "Role", "Bytes", "SHA-256"], inputs.flatMap((input) => input.files.map((file) => [file.name, `${input.role} ${input.name ?? ""}`, String(file.size), el("code", { title: file.sha256 }, file.sha256.slice(0, 16))]))))
        : null,
    );
  }
  if (run.config) parts.push(card("Settings", factList(run.config)));
  if (!parts.length) return el("p", { class: "quiet" }, "This run has no receipt: it was stopped before it ended, or is still going.");
  return parts;
}

function figures(run) {
  const pictures = run.files.map((file) => file.name).filter(isPicture);
  // The same figure stands there as SVG and PNG: the first is sharper.
  const shown = pictures.filter((name) => !/\.png$/i.test(name) || !pictures.includes(name.replace(/\.png$/i, ".svg")));
  if (!shown.length) return null;
  return card("Figures", el("div", { class: "pictures" }, shown.map((name) => el(
    "figure",
    {},
    el("a", { href: addressOf(run, name), target: "_blank", rel: "noopener" }, el("img", { src: addressOf(run, name), alt: `Figure ${name}`, loading: "lazy" })),
    el("figcaption", {}, name),
  ))));
}

function files(run, context) {
  const reader = el("div", { class: "reader" });
  const open = async (name) => {
    replace(reader, loadingState(`Reading ${name}`));
    try {
      const response = await fetch(addressOf(run, name), { signal: context.signal });
      if (!response.ok) throw new Error(`The server answered ${response.status} for ${name}.`);
      const text = await response.text();
      // A page of text is enough to look at; the link has the rest.
      const limit = 60000;
      replace(reader, el("h3", {}, name), el("pre", { tabindex: 0 }, text.slice(0, limit)), text.length > limit ? el("p", { class: "hint" }, "The first 60,000 characters; open the file for all.") : null);
    } catch (error) {
      if (!context.signal.aborted) replace(reader, errorState(error));
    }
  };
  const rows = run.files.map((file) => [
    el("a", { href: addressOf(run, file.name), target: "_blank", rel: "noopener" }, file.name),
    bytes(file.bytes),
    isText(file.name) ? el("button", { type: "button", onclick: () => open(file.name), "aria-label": `Show ${file.name} here` }, "Show") : "",
  ]);
  return card("Files", rows.length ? table("Files of the run", ["File", "Size", ""], rows) : el("p", { class: "quiet" }, "No file yet."), reader);
}
