using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Limits;
using Remix.Platform.Text;

namespace Remix.Identity.ApiKeys;

/// <summary>A person's API keys: make, list, revoke.</summary>
internal static class ApiKeyEndpoints
{
    private static readonly RateLimit Making = RateLimit.PerHour("API keys", RateLimitPer.User, 30);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var keys = routes.MapGroup("/me/api-keys").WithTags("identity");
        keys.MapGet("", List).Needs(TokenKind.User).WithSummary("Your API keys, by their first letters");
        keys.MapPost("", Create).Needs(TokenKind.User).Limited(Making).Produces<NewApiKeyView>(201)
            .WithSummary("Make an API key; the answer holds it, once");
        keys.MapDelete("/{id}", Revoke).Needs(TokenKind.User).WithSummary("Revoke an API key; it is void at once");
    }

    private static async Task<ListView<ApiKeyView>> List(Caller caller, ApiKeyStore keys)
    {
        var all = await keys.Of(caller.RequireUserId());
        return new ListView<ApiKeyView>([.. all.Select(ApiKeyView.Of)], all.Count, ApiKey.PerUserMax, false);
    }

    private static async Task<IResult> Create(Caller caller, Body<CreateApiKey> body, ApiKeyStore keys)
    {
        var made = await keys.Create(caller.RequireUserId(), body.Value.Name);
        return TypedResults.Json(new NewApiKeyView(made.Id, made.Name, made.Key, made.CreatedAt.ToTime()), RemixJson.Options, statusCode: 201);
    }

    private static async Task<OkView> Revoke(string id, Caller caller, ApiKeyStore keys)
    {
        await keys.Revoke(caller.RequireUserId(), Guid.TryParse(id, out var guid) ? guid : throw Fault.NotFound("API key"));
        return new OkView(true);
    }
}

internal sealed record CreateApiKey(string Name) : IReadFields<CreateApiKey>
{
    public static CreateApiKey Read(Fields fields)
    {
        var written = fields.RequiredText("name", ApiKey.NameLengthMax);
        var name = written.Trim();
        if (name.Length == 0 && written.Length > 0)
        {
            fields.Problem("name", "String must contain more than spaces", "too_small");
        }

        return new CreateApiKey(name);
    }
}

internal sealed record ApiKeyView(Guid Id, string Name, string Prefix, DateTime CreatedAt, DateTime? LastUsed)
{
    public static ApiKeyView Of(ApiKeyStore.Known key) => new(key.Id, key.Name, key.Prefix, key.CreatedAt.ToTime(), key.LastUsed.ToTime());
}

internal sealed record NewApiKeyView(Guid Id, string Name, string Key, DateTime CreatedAt);
