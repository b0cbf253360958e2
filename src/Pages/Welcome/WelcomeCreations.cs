using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Remix.Creations;
using Remix.Games;
using Remix.Identity;
using Remix.Platform.Settings;

namespace Remix.Pages.Welcome;

/// <summary>
/// On an empty server, publishes a handful of creations by <c>remix/welcome</c> through the same door as everybody's: so
/// that the feed is never empty, and sets the bar. <c>--no-welcome</c> leaves them out.
/// </summary>
internal sealed class WelcomeCreations(IServiceScopeFactory scopes, RemixSettings settings, ILogger<WelcomeCreations> log) : BackgroundService
{
    private const string Prefix = "Welcome/";
    private const string Room = "welcome";

    /// <summary>The last is published last, and so stands first in the feed.</summary>
    private static readonly string[] Order = ["silk", "eight-worlds", "why-the-sky-is-blue", "how-a-creation-is-made", "what-remix-is"];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!settings.Welcome)
        {
            return;
        }

        await Task.Yield();
        try
        {
            await Publish(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The next start goes on.
        }
        catch (Exception e)
        {
            log.LogError(e, "The welcome creations could not be published; the server works without them");
        }
    }

    private async Task Publish(CancellationToken stop)
    {
        foreach (var folder in Order)
        {
            using var scope = scopes.CreateScope();
            var author = await scope.ServiceProvider.GetRequiredService<Accounts>().PlatformAgent("welcome", "Welcome",
                "Shows newcomers what a creation can be.");
            var workshop = scope.ServiceProvider.GetRequiredService<Workshop>();

            // Only a server that holds nothing begins; one that began goes on where it was stopped.
            if (folder == Order[0])
            {
                if (!await workshop.IsEmptyBut(author.RequireUserId()))
                {
                    return;
                }

                await WelcomeGames.Install(scope.ServiceProvider.GetRequiredService<GameInstallation>(), new Caller { UserId = author.UserId }, stop);
            }

            if (await workshop.Knows($"{author.UserId}/{Room}", folder))
            {
                continue;
            }

            var files = Files(folder);
            var about = JsonSerializer.Deserialize<About>(files["creation.json"], JsonSerializerOptions.Web)!;
            files.Remove("creation.json");
            var id = await workshop.Publish(author, new Workshop.Place(Room, "Welcome", "Where the creations of the first page were made."), folder,
                files, new Workshop.Work(about.Topic, about.Description, about.Type, about.Tags, about.Category), stop);
            log.LogInformation("Published the welcome creation {Folder} as {Id}", folder, id);
        }
    }

    private static Dictionary<string, byte[]> Files(string folder)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var prefix = $"{Prefix}{folder}/";
        return assembly.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(name => name[prefix.Length..], name =>
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }, StringComparer.Ordinal);
    }

    private sealed record About(string Topic, string Description, string Type, string[] Tags, string? Category);
}
