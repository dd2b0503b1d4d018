// One run: what it found, its figures, its receipt, its files; a training run also as it goes on.
import { get } from "../../api.js";
import { card, el, replace } from "../../ui/dom.js";
import { drawFigures } from "../../ui/figures.js";
import { bytes } from "../../ui/format.js";
import { errorState, loadingState } from "../../ui/states.js";
import { table } from "../../ui/table.js";
import { showTraining } from "./training.js";

const isPicture = (name) => /\.(svg|png)$/i.test(name);
const isText = (name) => /\.(json|jsonl|csv|md|ya?ml|txt)$/i.test(name);
const isPage = (name) => /\.html$/i.test(name);

/** The file of a run that has the specifications of its figures. */
const specifications = "figures.json";

/** Seconds between looks for the figures of a run that has just ended, and how many looks. */
const [pause, looks] = [2, 30];

export async function showRun(root, context, id) {
  const host = el("div", { class: "results" }, loadingState("Reading the run"));
  root.append(
    el("p", { class: "trail" }, el("a", { href: context.link("/runs") }, "Runs"), " / "),
    el("h1", {}, id),
    host,
  );
  document.title = `${id} · induct`;
  const ask = () => get(`/api/runs/${encodeURIComponent(id)}`, context.signal);
  const shown = el("div", { class: "results" });
  const drawFiles = (run) => replace(shown, story(run), figures(run, context), receipt(run), files(run, context));

  async function read() {
    let run;
    try {
      run = await ask();
    } catch (error) {
      if (!context.signal.aborted) replace(host, errorState(error, read));
      return;
    }
    const live = run.kind === "training" ? el("div", { class: "results" }) : null;
    replace(host, live, shown);
    drawFiles(run);
    if (live) showTraining(live, context, run, () => run.state === "going" && readFigures());
  }

  /** The figures of a run that ends while it is looked at come some seconds later; its page is the last of them. */
  async function readFigures() {
    for (let look = 0; look < looks; look += 1) {
      await new Promise((resolve) => setTimeout(resolve, 1000 * pause));
      if (context.signal.aborted) return;
      try {
        const run = await ask();
        if (!run.files.some((file) => isPage(file.name))) continue;
        drawFiles(run);
      } catch {
        // The page stays as it is: loading it again says what is wrong.
      }
      return;
    }
  }
  await read();
}

const addressOf = (run, name) => `/api/runs/${encodeURIComponent(run.id)}/files/${name.split("/").map(encodeURIComponent).join("/")}`;

/** Pages that commands wrote are not shown here, where they would be part of this one: they are files to keep and open. */
const downloadLink = (run, name) => el("a", { href: addressOf(run, name), download: name }, name);

/** A JSON value flattened to lines "a.b": value; long lists are counted. */
function facts(value, path = "") {
  if (value === null || typeof value !== "object") return [[path, String(value)]];
  if (Array.isArray(value)) {
    return value.every((item) => item === null || typeof item !== "object") && value.length <= 12
      ? [[path, value.join(", ")]]
      : [[path, `a list of ${value.length}`]];
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

/** What the run found, in sentences and as its command printed it. */
function story(run) {
  if (!run.story) return null;
  const { headline, paragraphs = [], text } = run.story;
  return card(
    "Findings",
    el("p", { class: "headline" }, headline),
    paragraphs.map((paragraph) => el("p", {}, paragraph)),
    text && el("details", { class: "behind" }, el("summary", {}, "As printed"), el("pre", { class: "printed", tabindex: 0 }, text)),
  );
}

/** The figures from their specifications where the run has them, else as pictures. */
function figures(run, context) {
  const names = run.files.map((file) => file.name);
  const page = names.find(isPage);
  const whole = page && el("p", { class: "hint" }, "In one file, which opens from the disk and needs no server: ", downloadLink(run, page), ".");
  if (names.includes(specifications)) {
    const host = el("div", { class: "figures many" }, loadingState("Drawing"));
    drawSpecifications(host, run, context);
    return card("Figures", host, whole);
  }
  const drawn = pictures(run, names.filter(isPicture));
  return drawn || whole ? card("Figures", drawn, whole) : null;
}

async function drawSpecifications(host, run, context) {
  try {
    const { figures: list } = await get(addressOf(run, specifications), context.signal);
    await drawFigures(host, list);
  } catch (error) {
    if (context.signal.aborted) return;
    // Without the bundle the pictures that the command drew are as good.
    const drawn = pictures(run, run.files.map((file) => file.name).filter(isPicture));
    replace(host, drawn ?? errorState(error));
  }
}

function pictures(run, names) {
  // The same figure stands there as SVG and PNG: the first is sharper.
  const shown = names.filter((name) => !/\.png$/i.test(name) || !names.includes(name.replace(/\.png$/i, ".svg")));
  if (!shown.length) return null;
  return el("div", { class: "pictures" }, shown.map((name) => el(
    "figure",
    {},
    el("a", { href: addressOf(run, name), target: "_blank", rel: "noopener" }, el("img", { src: addressOf(run, name), alt: `Figure ${name}`, loading: "lazy" })),
    el("figcaption", {}, name),
  )));
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
  const rows = run.files.map(({ name, bytes: size }) => [
    isPage(name) ? downloadLink(run, name) : el("a", { href: addressOf(run, name), target: "_blank", rel: "noopener" }, name),
    bytes(size),
    isText(name) ? el("button", { type: "button", onclick: () => open(name), "aria-label": `Show ${name} here` }, "Show") : isPage(name) ? "to open from the disk" : "",
  ]);
  return card("Files", rows.length ? table("Files of the run", ["File", "Size", ""], rows) : el("p", { class: "quiet" }, "No file yet."), reader);
}
