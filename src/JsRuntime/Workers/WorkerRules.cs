using System.Text.RegularExpressions;

namespace Remix.JsRuntime.Workers;

/// <summary>What a worker must be before anything is made of it: its names become those of files, sockets and variables.</summary>
internal static partial class WorkerRules
{
    public const int BindingsMax = 32, ModulesMax = 200, CharactersMax = 4 * 1024 * 1024, TextLengthMax = 64 * 1024;

    /// <summary>The problem; null when there is none.</summary>
    public static string? Problem(string tenant, WorkerCode code)
    {
        if (!Tenant.IsMatch(tenant) || tenant.Contains("..", StringComparison.Ordinal))
        {
            return "A tenant's name is letters, digits, dashes and dots";
        }

        if (code.Modules.Count is 0 or > ModulesMax || code.Modules.Sum(module => (long)module.Source.Length) > CharactersMax)
        {
            return $"A worker has 1 to {ModulesMax} modules and at most {CharactersMax} characters";
        }

        if (code.Modules.Select(module => module.Name).FirstOrDefault(name => !Module.IsMatch(name)) is { } odd)
        {
            return $"'{(odd.Length > 40 ? odd[..39] + "…" : odd)}' cannot be the name of a module";
        }

        if (code.Modules.GroupBy(module => module.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            return $"There are two modules {twice.Key}";
        }

        return Problem(code.Bindings);
    }

    private static string? Problem(IReadOnlyList<WorkerBinding> bindings)
    {
        if (bindings.Count > BindingsMax)
        {
            return $"A worker has at most {BindingsMax} bindings";
        }

        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var binding in bindings)
        {
            if (!Name.IsMatch(binding.Name) || !names.Add(binding.Name))
            {
                return $"A binding's name is a letter and up to 39 letters, digits and underscores, and stands once: '{binding.Name}'";
            }

            if (binding.Kind == WorkerBindingKind.Objects && !Name.IsMatch(binding.Value ?? ""))
            {
                return $"{binding.Name} must name the class of its objects";
            }

            if (binding.Value?.Length > TextLengthMax)
            {
                return $"{binding.Name} is longer than {TextLengthMax} characters";
            }
        }

        return null;
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9.-]{0,99}$", RegexOptions.CultureInvariant)]
    private static partial Regex Tenant { get; }

    [GeneratedRegex(@"^(?!\.)[A-Za-z0-9_./-]{1,200}$", RegexOptions.CultureInvariant)]
    private static partial Regex Module { get; }

    /// <summary>Short, since a socket's path, with its folder, has room for a hundred letters.</summary>
    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_]{0,39}$", RegexOptions.CultureInvariant)]
    private static partial Regex Name { get; }
}
