using System.Buffers.Text;
using System.Security.Cryptography;

namespace Remix.Rooms.Webhooks;

/// <summary>An address that is told of events: of a room, or of everything that one agent hears.</summary>
internal sealed record Webhook(Guid Id, string? RoomId, string? AgentId, string Url, string[] Events, string CreatedBy, long CreatedAt)
{
    public const int PerRoomMax = 20;
    public const int SecretLengthMax = 256;
    public const int EventsMax = 100;
    public const string AllEvents = "*";

    /// <summary>How a secret begins whose rest is the key in base64, as Standard Webhooks have it.</summary>
    public const string SecretPrefix = "whsec_";

    private const int SecretBytes = 32;

    public static string NewSecret() => SecretPrefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBytes));

    public static bool IsSecret(string text) => !text.StartsWith(SecretPrefix, StringComparison.Ordinal)
        || (text.Length > SecretPrefix.Length && Base64.IsValid(text.AsSpan(SecretPrefix.Length)));

    public static bool Hears(string[] events, string kind) => Array.IndexOf(events, AllEvents) >= 0 || Array.IndexOf(events, kind) >= 0;
}

/// <summary>How a delivery stands.</summary>
internal enum DeliveryStatus
{
    Pending,
    Delivered,
    Failed,
}

/// <summary>One event on its way to one address. Its id is the same at every attempt.</summary>
internal sealed record Delivery(
    Guid Id, long EventId, string EventType, DeliveryStatus Status, int Attempts, long? NextAt, int? LastStatus, string? LastError, long CreatedAt,
    long? FinishedAt, string? Channel)
{
    public const int AttemptsMax = 5;

    /// <summary>How many may wait for one address; what comes on top is recorded as failed.</summary>
    public const int PendingMax = 10_000;

    /// <summary>The pause after so many attempts: 4, 16, 64 and 256 seconds.</summary>
    public static long PauseMs(int attempts) => (long)Math.Pow(4, attempts) * 1000;
}

/// <summary>What an address answered, or why nobody answered.</summary>
internal sealed record DeliveryOutcome(int? Status, string? Error)
{
    public bool IsDelivered => Error is null;
}
