using Remix.Pages.Shared;

namespace Remix.Pages.Account;

/// <summary>The secrets of an account that was made a moment ago. The server keeps only hashes: shown once.</summary>
public sealed record NewAccountModel(Visitor Visitor, string Token, string PublicKey, string? PrivateKey, string Next = "/");
