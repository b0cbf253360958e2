using System.Text.Json;
using Microsoft.Extensions.Logging;
using Remix.Platform.Faults;
using Remix.Platform.Http.Outbound;
using Remix.Platform.Settings;

namespace Remix.AgentCloud.Tokens;

/// <summary>
/// The keys of the outside issuer that the operator named: fetched when they are first needed, again after a while, and
/// when a token names one that is not among them, but not more often than every half a minute. While the issuer cannot be
/// reached, what it said last holds.
/// </summary>
internal sealed class OutsideKeys(RemixSettings settings, ResolveHost resolve, TimeProvider clock, ILogger<OutsideKeys> log) : IDisposable
{
    private const int BytesMax = 256 * 1024;
    private const int KeysMax = 100;

    private static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim gate = new(1, 1);

    /// <summary>Who may name the issuer may also name one inside: it is the operator, and nobody else.</summary>
    private readonly OutboundHttp http = new(new OutboundGuard(settings with
    {
        AllowPrivateHosts = settings.Cloud.JwksUrl is { } url
            ? settings.AllowPrivateHosts with { Hosts = [.. settings.AllowPrivateHosts.Hosts, new Uri(url).IdnHost] }
            : settings.AllowPrivateHosts,
    }, resolve));

    private IReadOnlyList<VerificationKey>? keys;
    private long fetchedAt;
    private long? triedAt;

    public bool AreUsed => settings.Cloud.JwksUrl is not null;

    /// <summary>The keys that may have signed the token: the one that it names, or all of its algorithm when it names none.</summary>
    public async ValueTask<IReadOnlyList<VerificationKey>> For(Jwt token)
    {
        // What is known holds while another call asks anew: an issuer that does not answer keeps one waiting, and not all.
        if (Fitting(token) is { Count: > 0 } found
            && (clock.GetElapsedTime(Interlocked.Read(ref fetchedAt)) < FreshFor || gate.CurrentCount == 0))
        {
            return found;
        }

        await gate.WaitAsync();
        try
        {
            if (triedAt is not { } tried || clock.GetElapsedTime(tried) >= RetryAfter)
            {
                triedAt = clock.GetTimestamp();
                await Fetch();
            }
        }
        finally
        {
            gate.Release();
        }

        return keys is null ? throw Unreachable() : Fitting(token);
    }

    private List<VerificationKey> Fitting(Jwt token) =>
        [.. (keys ?? []).Where(key => token.KeyId is null ? key.Algorithm == token.Algorithm : key.Id == token.KeyId)];

    private async Task Fetch()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, settings.Cloud.JwksUrl);
            using var response = await http.Send(request, patience.Token);
            response.EnsureSuccessStatusCode();
            await response.Content.LoadIntoBufferAsync(BytesMax, patience.Token);
            keys = Read(await response.Content.ReadAsByteArrayAsync(patience.Token));
            Interlocked.Exchange(ref fetchedAt, clock.GetTimestamp());
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException or OperationCanceledException)
        {
            log.LogWarning(e, "The keys at {Url} cannot be had; trying again in {Seconds} s", settings.Cloud.JwksUrl, RetryAfter.TotalSeconds);
        }
    }

    private static List<VerificationKey> Read(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("keys", out var list)
            && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Where(key => key.ValueKind == JsonValueKind.Object).Take(KeysMax)
                .Select(VerificationKey.Of).OfType<VerificationKey>()]
            : throw new JsonException("There is no array of keys.");
    }

    private static Fault Unreachable() => new(503, "ISSUER_UNREACHABLE", "The issuer's keys cannot be fetched now, so the token cannot be checked")
    {
        Hint = "Nothing was changed. Repeat the call in a moment.",
        RetryAfter = (int)RetryAfter.TotalSeconds,
    };

    public void Dispose()
    {
        gate.Dispose();
        http.Dispose();
    }
}
