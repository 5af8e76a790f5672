/** Talks to the server: as one person, whose token lives in this tab alone. */

let token = "";

/** A refusal in the server's words. */
class Refusal extends Error {
  constructor(body) {
    super(body?.message || "The server could not do this.");
  }
}

/** Return the list of people and what else the page shows before anybody is picked. */
export function start() {
  return fetchJson("GET", "/sandbox/start");
}

/** Become somebody; return their token. */
export async function logIn(username) {
  const answer = await fetchJson("POST", `/sandbox/login/${encodeURIComponent(username)}`);
  token = answer.token;
  return token;
}

/** Call the REST API. */
export function call(method, path, body) {
  return fetchJson(method, `/api/v4${path}`, body);
}

/** Return what a route of the REST API answers, as it is. */
export async function blobOf(path) {
  const response = await fetch(`/api/v4${path}`, { headers: { Authorization: `Bearer ${token}` }, credentials: "omit" });
  if (!response.ok) throw new Refusal(null);
  return response.blob();
}

/** Turn texts into HTML. */
export function renderTexts(texts) {
  return fetchJson("POST", "/sandbox/render", texts);
}

async function fetchJson(method, path, body) {
  const headers = { "X-Requested-With": "XMLHttpRequest" };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const options = { method, headers, credentials: "omit", cache: "no-store" };
  if (body !== undefined) options.body = JSON.stringify(body);
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Refusal({ message: "The server cannot be reached." });
  }
  const answer = await response.json().catch(() => null);
  if (!response.ok) throw new Refusal(answer);
  return answer;
}
