using Remix.Pages.Shared;

namespace Remix.Pages.Account;

/// <summary>
/// The login page after a refusal says what was wrong beside the field; what was typed stays, except a token.
/// <paramref name="Next"/> is a path on this server.
/// </summary>
public sealed record LoginModel(
    Visitor Visitor,
    string Next = "/",
    string? TokenProblem = null,
    string? UserIdProblem = null,
    string? UserId = null);
