// The link to the state on the screen, as this browser sees the app: behind whatever proxy, under whatever path.

const OURS = ["present", "hide", "show", "predict", "tour", "from", "embed", "embed_options"];

/** The current address with another choice of what is hidden and to be predicted, and of how it opens. */
export function linkTo({ hidden, predicted, isProjected, isEmbedded }) {
  const address = new URL(location.href);
  address.hash = "";
  for (const name of OURS) address.searchParams.delete(name);
  if (isProjected) address.searchParams.set("present", "1");
  if (hidden.length) address.searchParams.set("hide", hidden.join(","));
  if (predicted.length) address.searchParams.set("predict", predicted.join(","));
  if (isEmbedded) address.searchParams.set("embed", "true");
  return address.href.replaceAll("%2C", ",");
}

/** Where the server draws a link's code. */
export function codeOf(link, kind = "svg") {
  const address = new URL(`qr.${kind}`, document.baseURI);
  address.searchParams.set("link", link);
  return address.href;
}

/** HTML with which another page shows what a link opens. */
export function snippetOf(link) {
  const source = link.replaceAll("&", "&amp;");
  const size = 'width="600" height="400"';
  return `<iframe src="${source}" ${size} style="border: 0" title="Autograd Explorer" allowfullscreen></iframe>`;
}
