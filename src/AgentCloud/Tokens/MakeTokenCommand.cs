using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Remix.AgentCloud.Permissions;
using Remix.Platform;

namespace Remix.AgentCloud.Tokens;

/// <summary>
/// <c>mktoken --sub --email --days</c>: makes a token beside the server's data. Whoever may read the data directory could
/// do anything anyway, so it asks for nothing else; there is no route that does it.
/// </summary>
internal static class MakeTokenCommand
{
    private const int DaysOtherwise = 30;
    private const int SubjectLengthMax = 255;

    public static readonly ServerCommand Command = new("mktoken", ["--sub", "--email", "--days"], Run);

    private static async Task<int> Run(IServiceProvider services, IReadOnlyDictionary<string, string> options)
    {
        var subject = options.GetValueOrDefault("--sub");
        var email = options.GetValueOrDefault("--email");
        var days = options.TryGetValue("--days", out var text)
            ? int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0
            : DaysOtherwise;
        var problem = subject is null or { Length: 0 or > SubjectLengthMax } || subject.Any(char.IsControl)
            ? $"--sub NAME says whom the token is for, in 1 to {SubjectLengthMax} characters of one line"
            : email is not null && Subject.Email(email) is null ? $"--email is '{email}', which is no e-mail address"
            : days is < 1 or > TokenKey.DaysMax ? $"--days is a whole number from 1 to {TokenKey.DaysMax}"
            : null;
        if (problem is not null)
        {
            await Console.Error.WriteLineAsync($"remix: {problem}");
            return 2;
        }

        await Console.Out.WriteLineAsync(await services.GetRequiredService<TokenKey>().Sign(subject!, email, days));
        return 0;
    }
}
