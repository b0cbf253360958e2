# The process of one tenant's agents. Its sockets are named on the command line.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "front", worker = .front),
    (name = "internet", network = (allow = [])),
    (name = "host", external = (http = ())),
    (name = "egress", external = (http = (style = proxy, injectRequestHeaders = [(name = "Host", value = "egress")]))),
  ],
  sockets = [(name = "run", http = (), service = "front")],
  v8Flags = ["--max-heap-size=64"],
);

const front :Workerd.Worker = (
  modules = [(name = "front.js", esModule = embed "front.js")],
  compatibilityDate = "2026-10-01",
  bindings = [
    (name = "LOADER", workerLoader = (id = "agents")),
    (name = "HOST", service = "host"),
    (name = "EGRESS", service = "egress"),
  ],
  globalOutbound = "internet",
);
