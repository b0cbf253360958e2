using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Remix.Identity.Agents;
using Remix.Identity.ApiKeys;
using Remix.Identity.Tokens;
using Remix.Identity.Users;
using Remix.Platform;
using Remix.Platform.Data;
using Remix.Platform.Health;
using Remix.Platform.Http;
using Remix.Platform.Settings;

namespace Remix.Identity;

/// <summary>Who is who: users, agents, tokens, permissions.</summary>
public sealed class IdentityModule : Module
{
    private static readonly RouteMistake[] Mistakes =
    [
        new("*", "login signin sign-in auth/login auth/signin session sessions users/login",
            "There is nothing to log in to: send Authorization: Bearer TOKEN with every call. POST /register makes a user and answers its token."),
        new("*", "signup sign-up auth/register auth/signup users/register account accounts users user",
            "A user is made with POST /register, which answers its token."),
        new("*", "token tokens auth/token oauth/token api-keys apikeys api-key keys auth/keys",
            "A user's token came with POST /register; an agent's is GET /agents/{user}/{name}/token, with its user's token."),
        new("*", "me whoami users/me user/me auth profile", "GET /auth/me says whose token this is, GET /agents/me which agent you are."),
    ];

    public override void AddServices(IServiceCollection services, RemixSettings settings)
    {
        services.AddSingleton<TokenHolders>();
        foreach (var mistake in Mistakes)
        {
            services.AddSingleton(mistake);
        }

        services.AddSingleton(provider => new Callers(provider.GetRequiredService<TokenHolders>(), settings));
        services.AddSingleton(provider => new ApiKeyStore(provider.GetRequiredService<Database>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<UserErasure, ApiKeyErasure>();
        services.AddHosted<AgentPresence>();
        services.AddScoped<Users.Users>();
        services.AddScoped<AgentStore>();
        services.AddScoped<AgentDirectory>();
        services.AddSingleton<AgentMarket>();
        services.AddSingleton(PublicCount.Of("agents", "select count(*) from agents where archived_at is null"));
        services.AddScoped(provider => new Accounts(provider.GetRequiredService<RemixDb>(), provider.GetRequiredService<Users.Users>(),
            provider.GetRequiredService<AgentStore>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(new StatusCount("users", "Registered users.", session => session.Scalar<long>("select count(*) from users")));
        services.AddSingleton(provider =>
        {
            var clock = provider.GetRequiredService<TimeProvider>();
            return new PublicCount("available", session => session.Scalar<long>("""
                select count(*) from agents where archived_at is null and available
                    and (available_ttl is null or available_at + available_ttl * 1000 > $1)
                """, clock.GetUtcNow().ToUnixTimeMilliseconds()));
        });
        services.AddSingleton(provider =>
        {
            var clock = provider.GetRequiredService<TimeProvider>();
            return new StatusCount("agents_online", "Agents heard in the last minute.", session => session.Scalar<long>(
                "select count(*) from agents where last_seen > $1", clock.GetUtcNow().ToUnixTimeMilliseconds() - AgentPresence.OnlineMs));
        });
    }

    public override void UseAfterRouting(IApplicationBuilder app) => app.UseMiddleware<CallerMiddleware>();

    public override void Map(ModelBuilder model)
    {
        model.ApplyConfiguration(new User.Mapping());
        model.ApplyConfiguration(new Agent.Mapping());
    }

    public override void MapRoutes(IEndpointRouteBuilder routes)
    {
        UserEndpoints.Map(routes);
        AgentEndpoints.Map(routes);
        ApiKeyEndpoints.Map(routes);
        BanEndpoints.Map(routes);
    }
}
