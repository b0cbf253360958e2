using System.Text;

namespace Remix.JsRuntime.Workers;

/// <summary>Writes the configuration of a tenant's worker: ours in front, theirs behind, a door for each thing that is stored.</summary>
internal static class WorkerConfig
{
    /// <summary>What a worker is written against, unless it says otherwise.</summary>
    private const string Date = "2026-10-01";

    private const string Front = """
        // Answers pings and passes everything else on.
        export default {
          fetch(request, env) { return request.headers.has('x-remix-ping') ? new Response('pong') : env.WORKER.fetch(request); },
        };
        """;

    /// <summary>The files of the configuration, of which the first is the one to compile.</summary>
    public static Dictionary<string, string> Write(string name, string tenant, WorkerCode code)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal) { [$"{name}.capnp"] = "", ["front.js"] = Front };
        var modules = new List<string>();
        foreach (var (module, source) in code.Modules)
        {
            files[$"m{modules.Count}"] = source;
            modules.Add($"(name = {Quoted(module)}, esModule = embed \"m{modules.Count}\")");
        }

        var doors = code.Bindings.Where(binding => binding.Kind is WorkerBindingKind.Kv or WorkerBindingKind.D1)
            .Select(binding => $"    (name = {Quoted(DoorOf(binding))}, external = (http = ())),\n");
        var objects = code.Bindings.Where(binding => binding.Kind == WorkerBindingKind.Objects)
            .Select(binding => binding.Value!).Distinct(StringComparer.Ordinal)
            .Select(type => $"(className = {Quoted(type)}, uniqueKey = {Quoted($"{tenant}.{type}")}, enableSql = true)").ToList();
        files[$"{name}.capnp"] = $$"""
            using Workerd = import "/workerd/workerd.capnp";
            const config :Workerd.Config = (
              services = [
                (name = "front", worker = .front),
                (name = "worker", worker = .worker),
                (name = "internet", network = (allow = [])),
                (name = "data", disk = (writable = true)),
                (name = "egress", external = (http = (style = proxy, injectRequestHeaders = [(name = "Host", value = "egress")]))),
            {{string.Concat(doors)}}  ],
              sockets = [(name = "run", http = (forwardedProtoHeader = "X-Forwarded-Proto"), service = "front")],
              v8Flags = ["--max-heap-size=64"],
            );
            const front :Workerd.Worker = (
              modules = [(name = "front.js", esModule = embed "front.js")],
              compatibilityDate = "{{Date}}",
              bindings = [(name = "WORKER", service = "worker")],
              globalOutbound = "internet",
            );
            const worker :Workerd.Worker = (
              modules = [{{string.Join(", ", modules)}}],
              compatibilityDate = "{{Date}}",
              bindings = [{{string.Join(", ", code.Bindings.Select(Bound))}}],
              globalOutbound = "egress",
              durableObjectNamespaces = [{{string.Join(", ", objects)}}],
              durableObjectStorage = {{(objects.Count > 0 ? "(localDisk = \"data\")" : "(none = void)")}},
            );
            """;
        return files;
    }

    /// <summary>The name of the door of what is stored.</summary>
    public static string DoorOf(WorkerBinding binding) => $"b-{binding.Name}";

    private static string Bound(WorkerBinding binding)
    {
        var kind = binding.Kind switch
        {
            WorkerBindingKind.Text => $"text = {Quoted(binding.Value ?? "")}",
            WorkerBindingKind.Kv => $"kvNamespace = {Quoted(DoorOf(binding))}",
            WorkerBindingKind.D1 => "wrapped = (moduleName = \"cloudflare-internal:d1-api\", innerBindings = "
                + $"[(name = \"fetcher\", service = {Quoted(DoorOf(binding))})])",
            _ => $"durableObjectNamespace = {Quoted(binding.Value ?? "")}",
        };
        return $"(name = {Quoted(binding.Name)}, {kind})";
    }

    /// <summary>A text as Cap'n Proto reads it: everything but plain letters as the bytes it is.</summary>
    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var letter in Encoding.UTF8.GetBytes(text))
        {
            _ = char.IsAsciiLetterOrDigit((char)letter) || " ./_-:".Contains((char)letter, StringComparison.Ordinal)
                ? quoted.Append((char)letter) : quoted.Append("\\x").Append(letter.ToString("x2", System.Globalization.CultureInfo.InvariantCulture));
        }

        return quoted.Append('"').ToString();
    }
}
