using Remix.AgentCloud.Http;
using Remix.AgentCloud.Workspaces;
using Remix.Platform.Http;
using Remix.Platform.Http.Outbound;

namespace Remix.AgentCloud.Tapes;

/// <summary>Where a tape is fetched from.</summary>
/// <param name="Url">The address of an export; or of a server, and then of its workspace <paramref name="Id"/>.</param>
/// <param name="Ws">The name here. Either of the two stands for both.</param>
internal sealed record ImportFrom(string Url, string? Id, string? Ws, string? Token) : IReadFields<ImportFrom>
{
    /// <summary>The address of the export.</summary>
    public string Address => new Uri(Url).AbsolutePath != "/" ? Url : $"{Url.TrimEnd('/')}/v1/ws/{Id ?? Ws}/export";

    /// <summary>The name here; null for the one that the tape says.</summary>
    public string? Name => Ws ?? Id;

    public static ImportFrom Read(Fields fields)
    {
        var url = CloudUpload.UrlIn(fields, "mastertape");
        var wish = new ImportFrom(url ?? "", CreateWorkspace.NameIn(fields, "id"), CreateWorkspace.NameIn(fields, "ws"), TokenIn(fields));
        if (url is not null && wish.Name is null && new Uri(url).AbsolutePath == "/")
        {
            fields.Problem("id", "Required: the url names a server, and id the workspace there", "invalid_type");
        }

        return wish;
    }

    public static string? TokenIn(Fields fields)
    {
        var token = fields.Text("token", 8192) is { Length: > 0 } text ? text : null;
        if (token is not null && token.Any(letter => letter is < '!' or > '~'))
        {
            fields.Problem("token", "Expected a token as it was given", "invalid_string");
        }

        return token;
    }
}

/// <summary>The name that an uploaded tape's workspace gets.</summary>
internal sealed record ImportAs(string? Ws) : IReadFields<ImportAs>
{
    public static ImportAs Read(Fields fields) => new(CreateWorkspace.NameIn(fields, "ws") ?? CreateWorkspace.NameIn(fields, "id"));
}

/// <summary>Where a tape is sent.</summary>
internal sealed record ExportTo(string Url, string? Ws, string? Token) : IReadFields<ExportTo>
{
    private const string ImportPath = "/v1/ws-import";

    /// <summary>The address of the import: the url, or below the server that it names.</summary>
    public string Address
    {
        get
        {
            var address = new Uri(Url).AbsolutePath == "/" ? Url.TrimEnd('/') + ImportPath : Url;
            return Ws is null ? address : $"{address}{(address.Contains('?') ? '&' : '?')}ws={Ws}";
        }
    }

    public static ExportTo Read(Fields fields)
    {
        var url = fields.Required("url") ? OutboundGuard.ReadUrl(fields, "url") ?? "" : "";
        return new ExportTo(url, CreateWorkspace.NameIn(fields, "ws"), ImportFrom.TokenIn(fields));
    }
}

/// <summary>What becomes of a clone: a workspace here, or, where a url is given, on another server.</summary>
internal sealed record CloneWorkspace(string? Ws, ExportTo? To) : IReadFields<CloneWorkspace>
{
    public static CloneWorkspace Read(Fields fields)
    {
        var name = CreateWorkspace.NameIn(fields, "ws") ?? CreateWorkspace.NameIn(fields, "dest_ws");
        return new CloneWorkspace(name, fields.Read("url") is { } url && url.ToString().Length > 0
            ? ExportTo.Read(fields) with { Ws = name } : null);
    }
}

internal sealed record ImportedView(bool Ok, string Name, string Owner, IReadOnlyList<string> Apps);

/// <param name="Name">What the workspace is called there, where the other server said so.</param>
internal sealed record SentView(bool Ok, string? Name, string Url);
