/** Draws the files of a post: pictures as they are, everything else by its name; a press opens or keeps a file. */

import { blobOf } from "./api.js";
import { h } from "./dom.js";

const UNITS = ["B", "KB", "MB"];
/** What each file's address in this tab is, so that a post that is drawn anew need not fetch it again. */
const addresses = new Map();

/** Draw all files of a post. */
export function drawFiles(post) {
  const files = post.metadata?.files ?? [];
  return files.length ? h("div", { class: "files" }, files.map((file) => file.mime_type.startsWith("image/") ? drawPicture(file) : drawFile(file))) : null;
}

function drawPicture(file) {
  const picture = h("img", { alt: `Picture: ${file.name}`, width: file.width, height: file.height });
  addressOf(file).then((address) => { picture.src = address; }, () => picture.replaceWith(`${file.name} cannot be shown.`));
  return h("figure", { class: "picture" }, h("figcaption", {}, file.name), picture);
}

function drawFile(file) {
  return h("button", { type: "button", class: "file", title: `Download ${file.name}`, onclick: () => keep(file) },
    h("span", { class: "file-name" }, file.name), h("span", { class: "note" }, sizeOf(file.size)));
}

async function keep(file) {
  h("a", { href: await addressOf(file), download: file.name }).click();
}

function addressOf(file) {
  if (!addresses.has(file.id)) addresses.set(file.id, blobOf(`/files/${file.id}`).then((blob) => URL.createObjectURL(blob)));
  return addresses.get(file.id);
}

function sizeOf(bytes) {
  const step = Math.min(UNITS.length - 1, Math.floor(Math.log(Math.max(bytes, 1)) / Math.log(1024)));
  return `${Number((bytes / 1024 ** step).toPrecision(2))} ${UNITS[step]}`;
}
