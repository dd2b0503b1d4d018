// The server's API: JSON both ways, errors with a reason, long work with progress.

/** What the server, or the way to it, says is wrong. */
export class ApiError extends Error {
  constructor(code, message, status = 0) {
    super(message);
    this.name = "ApiError";
    this.code = code;
    this.status = status;
  }
}

const unreachable = () => new ApiError(
  "unreachable",
  "The server does not answer. It may have been stopped: start 'induct explore' again, then retry.",
);

async function request(path, options) {
  let response;
  try {
    response = await fetch(path, { cache: "no-store", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw unreachable();
  }
  if (response.ok) return response;
  let failure = null;
  try {
    failure = (await response.json()).error;
  } catch (error) {
    if (error.name === "AbortError") throw error;
  }
  throw new ApiError(
    failure?.code ?? `http_${response.status}`,
    failure?.message ?? `The server answered ${response.status} without a reason.`,
    response.status,
  );
}

/** GET of JSON. */
export async function get(path, signal) {
  return (await request(path, { signal })).json();
}

/** POST of JSON, answered by JSON. */
export async function post(path, body, signal) {
  const response = await request(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    signal,
  });
  return response.json();
}

/** Thrown where work was cancelled; as the reason of a signal: the user wants it to end, for all who wait for it. */
export class Cancelled extends Error {
  constructor() {
    super("cancelled");
    this.name = "AbortError";
  }
}

/** Asks the server to stop; it may have finished, so the answer does not matter. */
function cancel(id) {
  fetch(`/api/work/${encodeURIComponent(id)}`, {
    method: "DELETE",
    headers: { "Content-Type": "application/json" },
    keepalive: true,
  }).catch(() => {});
}

/** Waits for the end of work through its stream of events. */
function follow(id, signal, onProgress) {
  return new Promise((resolve, reject) => {
    const source = new EventSource(`/api/work/${encodeURIComponent(id)}/events`);
    const end = (act, value) => {
      source.close();
      signal.removeEventListener("abort", stop);
      act(value);
    };
    const stop = () => {
      // Who only leaves closes the stream: the server ends the work when nobody else follows it.
      if (signal.reason instanceof Cancelled) cancel(id);
      end(reject, new Cancelled());
    };
    const failed = (error) => end(reject, new ApiError(error?.code ?? "failed", error?.message ?? "The work failed."));
    signal.addEventListener("abort", stop);
    source.addEventListener("progress", (event) => onProgress(JSON.parse(event.data)));
    source.addEventListener("done", () => end(resolve));
    source.addEventListener("cancelled", () => end(reject, new Cancelled()));
    source.addEventListener("failed", (event) => failed(JSON.parse(event.data).error));
    // A stream that breaks is not opened again by itself: its closing may have cancelled the work. The state tells.
    source.onerror = async () => {
      source.close();
      try {
        const work = await get(`/api/work/${encodeURIComponent(id)}`, signal);
        if (work.state === "done") end(resolve);
        else if (work.state === "failed") failed(work.error);
        else if (work.state === "cancelled") end(reject, new Cancelled());
        else end(reject, new ApiError("broken", "The connection broke while the work went on. Retry to follow it again."));
      } catch (error) {
        end(reject, error);
      }
    };
  });
}

/**
 * Long work: one of the command line's analyses.
 * @param {{command: string, model: string, question: object}} asked
 * @param {{onStarted: (id: string) => void, onProgress: (progress: object) => void}} hears
 * @returns {Promise<{id: string, result: object}>} the JSON that the command prints
 */
export async function work(asked, signal, { onStarted, onProgress }) {
  const started = await post("/api/work", { ...asked, cancelOnClose: true }, signal);
  const id = started.id;
  onStarted(id);
  if (signal.aborted) {
    cancel(id);
    throw new Cancelled();
  }
  if (started.state !== "done") await follow(id, signal, onProgress);
  return { id, result: await get(`/api/work/${encodeURIComponent(id)}/result`, signal) };
}
