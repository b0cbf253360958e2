// Runs in previews only, first of all scripts. What a page asks for while it runs, at an address that begins with "/",
// is asked for below the folder that is to be published, as it will be then.
(() => {
  const root = document.currentScript.dataset.root;
  const token = root.slice(0, root.indexOf('/', root.indexOf('~')) + 1);
  const at = (address) => {
    try {
      const url = new URL(address, document.baseURI);
      if (url.host !== location.host || url.pathname.startsWith(token) || url.pathname.startsWith('/__remix/')) return address;
      return root + url.pathname.slice(1) + url.search + url.hash;
    } catch {
      return address;
    }
  };
  const fetched = window.fetch;
  window.fetch = (what, options) => fetched.call(window, what instanceof Request ? what : at(what), options);
  const open = XMLHttpRequest.prototype.open;
  XMLHttpRequest.prototype.open = function (method, address, ...rest) {
    return open.call(this, method, at(address), ...rest);
  };
  for (const [kind, name] of [[HTMLImageElement, 'src'], [HTMLScriptElement, 'src'], [HTMLMediaElement, 'src'],
    [HTMLSourceElement, 'src'], [HTMLLinkElement, 'href'], [HTMLAnchorElement, 'href']]) {
    const known = Object.getOwnPropertyDescriptor(kind.prototype, name);
    Object.defineProperty(kind.prototype, name, { ...known, set(address) { known.set.call(this, at(address)); } });
  }
  for (const name of ['Worker', 'Audio']) {
    const made = window[name];
    if (made) window[name] = new Proxy(made, {
      construct: (type, [address, ...rest]) => address === undefined ? new type() : new type(at(address), ...rest),
    });
  }
})();
