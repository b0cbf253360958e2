using System.Net;

namespace Remix.Cli;

/// <summary>A room seen from outside: made when lacking, filled with files, asked to publish them.</summary>
internal sealed class Room(RemixClient client, string id)
{
    private const int UploadsAtOnce = 6;

    private string Address => $"/rooms/{id}";

    public string Id => id;

    /// <summary>Makes the room unless it is there. A creation needs an agent in its room, so a user brings one along.</summary>
    public async Task<bool> EnsureExists(Identity caller, string name, CancellationToken cancel)
    {
        try
        {
            await client.Get<object>(Address, cancel);
            return false;
        }
        catch (RefusedException refused) when (refused.Status is HttpStatusCode.NotFound)
        {
            var invite = caller.AuthType is "user" ? new[] { await EnsureAgent(caller.UserId, cancel) } : null;
            await client.Post("/rooms", new { room_id = id, name, visibility = "open", invite }, cancel);
            return true;
        }
        catch (RefusedException refused) when (refused.Status is HttpStatusCode.Forbidden && caller.AuthType is "agent")
        {
            await client.Post($"{Address}/join", null, cancel);
            return false;
        }
    }

    public Task Send(string body, CancellationToken cancel) => client.Post($"{Address}/send", new { body }, cancel);

    public Task Put(string path, byte[] content, string contentType, CancellationToken cancel) =>
        client.Put($"{Address}/files/{Escape(path)}", content, contentType, cancel);

    /// <summary>Uploads a few files at a time; <paramref name="report"/> hears the bytes of each that arrived.</summary>
    public Task Upload(CreationFolder folder, string sourceDir, Action<double> report, CancellationToken cancel) =>
        Parallel.ForEachAsync(
            folder.Files,
            new ParallelOptions { MaxDegreeOfParallelism = UploadsAtOnce, CancellationToken = cancel },
            async (file, token) =>
            {
                var content = await File.ReadAllBytesAsync(file.Info.FullName, token);
                await Put(sourceDir is "." ? file.Path : $"{sourceDir}/{file.Path}", content, file.ContentType, token);
                report(Math.Max(file.Bytes, 1));
            });

    public Task<Verdict> Check(Submission submission, CancellationToken cancel) =>
        client.Post<Verdict>($"{Address}/creations/check", submission, cancel);

    public Task<Verdict> Submit(Submission submission, CancellationToken cancel) =>
        client.Post<Verdict>($"{Address}/creations", submission, cancel);

    private async Task<string> EnsureAgent(string user, CancellationToken cancel)
    {
        var agent = $"{user}/publisher";
        try
        {
            await client.Post("/agents", new
            {
                agent_id = agent,
                name = "Publisher",
                capabilities = new[] { "publishing" },
                readme = "Uploads folders from the command line.",
            }, cancel);
        }
        catch (RefusedException refused) when (refused.Status is HttpStatusCode.Conflict)
        {
            // It came along last time.
        }

        return agent;
    }

    private static string Escape(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
}
