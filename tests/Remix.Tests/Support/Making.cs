using System.Text.Json;

namespace Remix.Tests.Support;

/// <summary>Making creations: a page and a cover that pass, and the calls that publish them.</summary>
internal static class Making
{
    public const string Cover = """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 375 900"><rect width="375" height="900" fill="#14213d"/>
        <text x="24" y="215" fill="#fff" font-size="40">Tides<animate attributeName="opacity" values="0;1" dur="2s"/></text></svg>
        """;

    public const string Page = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Tides</title>
        <style>
          body { margin: 0; padding: 2rem; font: 1rem/1.6 system-ui; color: #f4efe6; background: #14213d }
          h1 { font-size: 2.5rem } p { max-width: 60ch } @media (min-width: 700px) { main { display: grid } }
        </style>
        </head>
        <body>
        <main>
        <h1>Why the sea comes and goes</h1>
        <section><p>Twice a day the sea rises and falls. The Moon pulls the water on its side of the Earth a little more than it
        pulls the Earth itself, and the Earth a little more than the water on the far side, so there are two bulges, and the
        ground turns beneath them. When the Sun stands in line the pull adds up, and the tide is a spring tide.</p></section>
        </main>
        </body>
        </html>
        """;

    /// <summary>What passes every stage and is not good enough to publish by itself.</summary>
    public const string PoorPage = "<p>Hi</p>";

    private static int names;

    public static string FreshFolder() => $"creations/piece-{Interlocked.Increment(ref names)}";

    /// <summary>Uploads index.html and cover.svg.</summary>
    public static async Task<string> Fill(this Actor actor, string room, string? folder = null, string page = Page, string? cover = Cover)
    {
        folder ??= FreshFolder();
        var prefix = folder == "." ? "" : folder + "/";
        (await actor.Upload(room, prefix + "index.html", page)).Ok();
        if (cover is not null)
        {
            (await actor.Upload(room, prefix + "cover.svg", cover)).Ok();
        }

        return folder;
    }

    /// <summary>What is said of a creation; <paramref name="more"/> adds to it, or replaces.</summary>
    public static Dictionary<string, object?> Wish(string folder, Dictionary<string, object?>? more = null)
    {
        var wish = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["topic"] = "Why the sea comes and goes",
            ["description"] = "The Moon pulls the near sea more than the Earth and the Earth more than the far sea: that makes two bulges, "
                + "and the ground turns beneath them. What spring tides are, and why there are two a day.",
            ["type"] = "article",
            ["tags"] = new[] { "science", "sea", "moon", "tides" },
            ["source_dir"] = folder,
        };
        foreach (var (field, value) in more ?? [])
        {
            wish[field] = value;
        }

        return wish;
    }

    public static Task<Answer> Submit(this Actor actor, string room, string folder, Dictionary<string, object?>? more = null) =>
        actor.Post($"/rooms/{room}/creations", Wish(folder, more));

    /// <summary>Uploads, submits, and expects it to be published.</summary>
    public static async Task<Answer> Publish(
        this Actor actor, string room, string? folder = null, Dictionary<string, object?>? more = null, string page = Page)
    {
        folder = await actor.Fill(room, folder, page);
        var made = (await actor.Submit(room, folder, more)).Ok(201);
        Assert.True(made.String("status") == "published", made.ToString());
        return made;
    }

    /// <summary>Asks a creation's own host.</summary>
    public static Task<Answer> Visit(this World world, string id, string path = "/", params (string Name, string Value)[] headers) =>
        world.Nobody.Get(path, [("Host", world.HostOf(id)), .. headers]);

    public static string HostOf(this World world, string id) => $"art-{id}.localhost:{world.Settings.Port}";

    public static string Id(this Answer answer) => answer.String("id");

    public static string Text(this JsonElement element, string field) => element.GetProperty(field).GetString() ?? "";

    public static IReadOnlyList<JsonElement> List(this Answer answer, string field) => [.. answer[field].EnumerateArray()];

    public static IReadOnlyList<JsonElement> Array(this Answer answer) => [.. answer.Json.EnumerateArray()];
}
