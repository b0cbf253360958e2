using System.Text;
using System.Text.Json;

namespace Remix.JsRuntime.Agents;

/// <summary>An author's modules, made ready to be loaded beside ours.</summary>
internal static class AuthorCode
{
    /// <summary>All of an agent's modules together.</summary>
    public const int CharactersMax = 4 * 1024 * 1024;

    public const int ModulesMax = 200;

    /// <summary>The folder of our own modules, where no author's may lie.</summary>
    private const string Ours = "_rmx/";

    private static readonly Dictionary<string, string> Trusted = new(StringComparer.Ordinal)
    {
        [$"{Ours}run.js"] = Text("run.js"),
        [$"{Ours}strays.js"] = Text("strays.js"),
        [$"{Ours}lock.js"] = Text("lock.js"),
        [$"{Ours}values.js"] = Text("values.js"),
        [$"{Ours}remix.js"] = Text("remix.js"),
    };

    /// <summary>What the loader in the tenant's process asks for, as JSON; throws when the modules do not fit together.</summary>
    public static byte[] Prepare(JsModules given)
    {
        var names = given.Modules.Keys.Order(StringComparer.Ordinal).ToList();
        Check(given, names);
        var modules = names.ToDictionary(name => name, name => AuthorModule.Read(name, given.Modules[name],
            specifier => Resolve(name, specifier, given.Modules)), StringComparer.Ordinal);
        RefuseCircles(modules, given.Main);
        var loaded = new Dictionary<string, string>(Trusted, StringComparer.Ordinal);
        var list = new StringBuilder();
        for (var i = 0; i < names.Count; i++)
        {
            var module = modules[names[i]];
            loaded[names[i]] = module.Write(names.IndexOf);
            list.Append("import m").Append(i).Append(" from ").Append(JsonSerializer.Serialize($"../{names[i]}")).Append(";\n");
        }

        list.Append("export const main=").Append(names.IndexOf(given.Main)).Append(";\nexport const files=Object.freeze([");
        list.AppendJoin(',', names.Select((name, i) =>
            $"{{name:{JsonSerializer.Serialize(name)},make:m{i},"
            + $"needs:[{string.Join(',', modules[name].Needs.Select(need => names.IndexOf(need)))}]}}"));
        loaded[$"{Ours}author.js"] = list.Append("]);\n").ToString();
        return JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>(StringComparer.Ordinal) { ["modules"] = loaded });
    }

    /// <summary>The text of one of our own files.</summary>
    public static string Text(string file) => OwnCode.Text($"agents/{file}");

    private static void Check(JsModules given, List<string> names)
    {
        var wrong = names.Find(name => name.StartsWith(Ours, StringComparison.Ordinal) || name.Length > 200
            || name.Split('/').Any(part => part.Length == 0 || part[0] == '.')
            || name.Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter is not ('_' or '-' or '.' or '/')));
        if (wrong is not null)
        {
            throw new AuthorSyntaxException($"'{wrong}' cannot be the name of a module", wrong, 1, 1);
        }

        if (!given.Modules.ContainsKey(given.Main))
        {
            throw new AuthorSyntaxException($"There is no module '{given.Main}'", given.Main, 1, 1);
        }

        if (names.Count > ModulesMax || given.Modules.Values.Sum(text => (long)text.Length) > CharactersMax)
        {
            throw new AuthorSyntaxException($"An agent has at most {ModulesMax} modules and {CharactersMax} characters", given.Main, 1, 1);
        }
    }

    private static string? Resolve(string from, string specifier, IReadOnlyDictionary<string, string> modules)
    {
        if (!specifier.StartsWith("./", StringComparison.Ordinal) && !specifier.StartsWith("../", StringComparison.Ordinal)
            && !specifier.StartsWith('/'))
        {
            return null;
        }

        var path = new Uri(new Uri($"file:///{from}"), specifier).AbsolutePath[1..];
        return modules.ContainsKey(path) ? path : null;
    }

    /// <summary>Modules are made one after the other, what one needs before it: a circle has no first.</summary>
    private static void RefuseCircles(Dictionary<string, AuthorModule> modules, string main)
    {
        var done = new HashSet<string>(StringComparer.Ordinal);
        var path = new List<string>();
        foreach (var name in modules.Keys.Prepend(main))
        {
            Visit(name);
        }

        void Visit(string name)
        {
            if (path.Contains(name, StringComparer.Ordinal))
            {
                throw new AuthorSyntaxException($"Modules import each other in a circle: {string.Join(" → ", path)} → {name}", name, 1, 1);
            }

            if (done.Add(name))
            {
                path.Add(name);
                modules[name].Needs.ToList().ForEach(Visit);
                path.RemoveAt(path.Count - 1);
            }
        }
    }
}
