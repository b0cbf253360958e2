using System.Text.Json.Serialization;

namespace Remix.Platform.Faults;

/// <summary>The call that would succeed instead: what an agent can do next without reading further.</summary>
public sealed record Fix(
    string Method, string Path,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] object? Body = null);

/// <summary>One problem of an input, in the shape of a Zod issue.</summary>
/// <param name="Code">invalid_type, too_small, too_big, invalid_string, invalid_enum_value, custom.</param>
public sealed record Issue(string Code, IReadOnlyList<object> Path, string Message);

/// <summary>
/// A refusal that its sender can understand and mend: an HTTP status, a stable code, a sentence, and where possible a
/// hint and the call that would succeed. Anything else that is thrown is a bug, and answered with an opaque 500.
/// </summary>
public sealed class Fault(int status, string code, string message) : Exception(message)
{
    public int Status { get; } = status;

    public string Code { get; } = code;

    public string? Hint { get; init; }

    public Fix? Fix { get; init; }

    public IReadOnlyList<Issue>? Details { get; init; }

    /// <summary>Seconds after which the same call may succeed.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>Further fields of the answer, beside the standard ones.</summary>
    public IReadOnlyDictionary<string, object?>? Extra { get; init; }

    public static Fault BadRequest(string code, string message, string? hint = null, Fix? fix = null) =>
        new(400, code, message) { Hint = hint, Fix = fix };

    public static Fault Invalid(IReadOnlyList<Issue> issues, string? hint = null) =>
        new(400, "VALIDATION_FAILED", issues.Count == 1 ? Sentence(issues[0]) : $"{issues.Count} problems: "
            + string.Join("; ", issues.Select(Sentence)))
        { Details = issues, Hint = hint };

    public static Fault Invalid(string field, string message) => Invalid([new Issue("custom", [field], message)]);

    public static Fault Unauthorized(string code, string message, string? hint = null, Fix? fix = null) =>
        new(401, code, message) { Hint = hint, Fix = fix };

    public static Fault Forbidden(string message, string? hint = null, Fix? fix = null) =>
        new(403, "FORBIDDEN", message) { Hint = hint, Fix = fix };

    public static Fault NotFound(string what, string? hint = null) =>
        new(404, "NOT_FOUND", $"{what} not found") { Hint = hint };

    public static Fault Conflict(string code, string message, string? hint = null, Fix? fix = null) =>
        new(409, code, message) { Hint = hint, Fix = fix };

    public static Fault TooLarge(string message, string? hint = null) => new(413, "PAYLOAD_TOO_LARGE", message) { Hint = hint };

    public static Fault Overloaded() => new(503, "OVERLOADED", "The server has more writes waiting than it can do")
    {
        Hint = "Nothing was changed. Repeat the call in a moment.",
        RetryAfter = 1,
    };

    private static string Sentence(Issue issue) => issue.Path.Count == 0 ? issue.Message : $"{string.Join('.', issue.Path)}: {issue.Message}";
}

/// <summary>The forms in which a refusal is written; a route group names its own with <c>WithMetadata</c>.</summary>
public enum FaultDialect
{
    /// <summary><c>{error, statusCode, request_id, code, hint, fix, details}</c></summary>
    Platform,

    /// <summary><c>{success: false, error: {code, message, details}}</c></summary>
    Games,

    /// <summary><c>{ok: false, kind: "message", message}</c></summary>
    AgentCloud,
}
