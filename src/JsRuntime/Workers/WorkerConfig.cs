using System.Text;

namespace Remix.JsRuntime.Workers;

/// <summary>Writes the configuration of a tenant's worker: ours in front, theirs behind, a door for each thing that is stored.</summary>
internal static class WorkerConfig
{
    /// <summary>What a worker is written against, unless it says otherwise.</summary>
    private const string Date = "2026-10-01";

    /// <summary>The door through which invocations are told.</summary>
    public const string LogDoor = "log";

    /// <summary>The files of the configuration, of which the first is the one to compile.</summary>
    public static Dictionary<string, string> Write(string name, string tenant, WorkerCode code)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [$"{name}.capnp"] = "",
            ["front.js"] = OwnCode.Text("workers/front.js"),
            ["tail.js"] = OwnCode.Text("workers/tail.js"),
        };
        var modules = new List<string>();
        foreach (var (module, source) in code.Modules)
        {
            files[$"m{modules.Count}"] = source;
            modules.Add($"(name = {Quoted(module)}, esModule = embed \"m{modules.Count}\")");
        }

        var doors = code.Bindings.Where(IsStored)
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
                (name = "tail", worker = .tail),
                (name = "log", external = (http = ())),
                (name = "egress", external = (http = (style = proxy, injectRequestHeaders = [(name = "Host", value = "egress")]))),
            {{string.Concat(doors)}}  ],
              sockets = [(name = "run", http = (forwardedProtoHeader = "X-Forwarded-Proto"), service = "front")],
              v8Flags = ["--max-heap-size=64"],
            );
            const front :Workerd.Worker = (
              modules = [(name = "front.js", esModule = embed "front.js")],
              compatibilityDate = "{{Date}}",
              compatibilityFlags = ["service_binding_extra_handlers"],
              bindings = [(name = "WORKER", service = "worker")],
              globalOutbound = "internet",
            );
            const tail :Workerd.Worker = (
              modules = [(name = "tail.js", esModule = embed "tail.js")],
              compatibilityDate = "{{Date}}",
              bindings = [(name = "LOG", service = "log")],
              globalOutbound = "internet",
            );
            const worker :Workerd.Worker = (
              modules = [{{string.Join(", ", modules)}}],
              compatibilityDate = "{{Date}}",
              bindings = [{{string.Join(", ", code.Bindings.Select(Bound))}}],
              globalOutbound = "egress",
              tails = [{{(code.Heard is null ? "" : "\"tail\"")}}],
              durableObjectNamespaces = [{{string.Join(", ", objects)}}],
              durableObjectStorage = {{(objects.Count > 0 ? "(localDisk = \"data\")" : "(none = void)")}},
            );
            """;
        return files;
    }

    /// <summary>Whether what it names lies with us, behind a door of its own.</summary>
    public static bool IsStored(WorkerBinding binding) => binding.Kind is WorkerBindingKind.Kv or WorkerBindingKind.D1 or WorkerBindingKind.R2;

    /// <summary>The name of the door of what is stored.</summary>
    public static string DoorOf(WorkerBinding binding) => $"b-{binding.Name}";

    private static string Bound(WorkerBinding binding)
    {
        var kind = binding.Kind switch
        {
            WorkerBindingKind.Text => $"text = {Quoted(binding.Value ?? "")}",
            WorkerBindingKind.Kv => $"kvNamespace = {Quoted(DoorOf(binding))}",
            WorkerBindingKind.R2 => $"r2Bucket = {Quoted(DoorOf(binding))}",
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
