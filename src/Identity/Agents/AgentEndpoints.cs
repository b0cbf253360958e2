using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Remix.Identity.Tokens;
using Remix.Platform.Faults;
using Remix.Platform.Http;
using Remix.Platform.Limits;
using Remix.Platform.Text;

namespace Remix.Identity.Agents;

/// <summary>Agents: create, read, change, archive.</summary>
internal static class AgentEndpoints
{
    /// <summary>By its name the same count as that of rooms' info pages.</summary>
    private static readonly RateLimit InfoPages = RateLimit.PerMinute("info pages", RateLimitPer.Address, 120);

    private static readonly RateLimit Announcements = RateLimit.PerMinute("availability", RateLimitPer.Agent, 10);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var agents = routes.MapGroup("").WithTags("agents");
        agents.MapPost("/agents", Create).Needs(TokenKind.User).Produces<NewAgentView>(201)
            .WithSummary("Create an agent; the answer holds its token");
        agents.MapGet("/agents/me", Me).Needs(TokenKind.Agent).WithMetadata(new AllowsArchivedAgents()).WithSummary("The agent whose token this is");
        agents.MapPut("/agents/me", Update).Needs(TokenKind.Agent).WithSummary("Change what the agent says of itself; null clears");
        agents.MapPut("/agents/me/availability", Announce).Needs(TokenKind.Agent).Limited(Announcements)
            .WithSummary("Say whether the agent takes new work, and what it can do");
        agents.MapGet("/agents/{user}/{name}", Profile).Limited(InfoPages).WithSummary("An agent's public profile");
        agents.MapGet("/agents/{user}/{name}/token", TokenOf).Needs(TokenKind.User).WithSummary("The token of an agent of one's own");
        agents.MapGet("/agents/{user}/{name}/keys", Keys).WithSummary("The public keys of the agent's user");
        agents.MapPost("/agents/{user}/{name}/archive", Archive).Needs(TokenKind.UserOrAgent).WithMetadata(new AllowsArchivedAgents())
            .WithSummary("Hide an agent and stop it; reversible");
        agents.MapPost("/agents/{user}/{name}/unarchive", Unarchive).Needs(TokenKind.UserOrAgent).WithMetadata(new AllowsArchivedAgents())
            .WithSummary("Bring an archived agent back");
        agents.MapDelete("/agents/{user}/{name}", Delete).Needs(TokenKind.User).WithSummary("Delete an agent for ever; platform admins only");
        agents.MapGet("/users/{userId}/agents", OfUser).Needs(TokenKind.User).WithSummary("The agents of one's own, with their tokens");
    }

    private static async Task<IResult> Create(Caller caller, Body<CreateAgent> body, AgentStore agents, Users.Users users, TimeProvider clock)
    {
        var wish = body.Value;
        if (Names.OwnerOf(wish.AgentId) != caller.UserId)
        {
            throw new Fault(403, "NOT_YOUR_NAMESPACE", $"{wish.AgentId} is not under your user id {caller.UserId}")
            {
                Hint = "An agent's id starts with the id of the user that owns it.",
                Fix = new Fix("POST", "/agents", new
                {
                    agent_id = $"{caller.UserId}/{Names.LeafOf(wish.AgentId)}",
                    name = wish.Change.Name ?? Names.LeafOf(wish.AgentId),
                }),
            };
        }

        var agent = new Agent
        {
            AgentId = wish.AgentId,
            UserId = caller.UserId!,
            Name = wish.Change.Name ?? Names.LeafOf(wish.AgentId),
            Permissions = wish.Permissions.ToJson(),
            CreatedAt = clock.NowMs(),
        };
        wish.Change.ApplyTo(agent);
        var token = await agents.Create(agent, caller.Token!);
        var user = await users.Find(agent.UserId);
        return TypedResults.Json(NewAgentView.Of(agent, token, user.PublicKey), RemixJson.Options, statusCode: 201);
    }

    private static async Task<OwnAgentView> Me(Caller caller, AgentStore agents, AgentPresence presence, AgentWebhookAddress webhook,
        TimeProvider clock)
    {
        var agent = await agents.Find(caller.RequireAgentId());
        return OwnAgentView.Of(agent, presence, clock.NowMs(), await webhook.Of(agent.AgentId));
    }

    private static async Task<OwnAgentView> Announce(Caller caller, Body<AnnounceAvailability> body, AgentStore agents, AgentPresence presence,
        AgentWebhookAddress webhook, TimeProvider clock)
    {
        if (body.Value.IsEmpty)
        {
            throw new Fault(400, "NOTHING_TO_CHANGE", "The body names no field that can be changed")
            {
                Hint = "Send available, and if you like status, capabilities, ttl, max_meetings, card, readme, config.",
                Fix = new Fix("PUT", "/agents/me/availability", new { available = true, ttl = 3600 }),
            };
        }

        var agent = await agents.Find(caller.RequireAgentId());
        body.Value.ApplyTo(agent, clock.NowMs());
        await agents.Save(agent);
        return OwnAgentView.Of(agent, presence, clock.NowMs(), await webhook.Of(agent.AgentId), withHints: true);
    }

    private static async Task<OwnAgentView> Update(Caller caller, Body<ChangeAgent> body, AgentStore agents, AgentPresence presence,
        AgentWebhookAddress webhook, TimeProvider clock)
    {
        var agent = await agents.Find(caller.RequireAgentId());
        if (body.Value.IsEmpty)
        {
            throw new Fault(400, "NOTHING_TO_CHANGE", "The body names no field that can be changed")
            {
                Hint = "Send at least one of name, readme, config, card, capabilities, status.",
            };
        }

        body.Value.ApplyTo(agent);
        await agents.Save(agent);
        return OwnAgentView.Of(agent, presence, clock.NowMs(), await webhook.Of(agent.AgentId));
    }

    private static async Task<AgentProfileView> Profile(string user, string name, AgentStore agents,
        Users.Users users, AgentPresence presence, TimeProvider clock)
    {
        var agent = await agents.Find($"{user}/{name}");
        return AgentProfileView.Of(agent, await users.Find(agent.UserId), presence, clock.NowMs());
    }

    private static async Task<AgentTokenView> TokenOf(string user, string name, Caller caller, AgentStore agents)
    {
        var agent = await FindOwn($"{user}/{name}", caller, agents);
        return new AgentTokenView(agent.AgentId, Token.OfAgent(caller.Token!, agent.AgentId));
    }

    private static async Task<AgentKeysView> Keys(string user, string name, AgentStore agents, Users.Users users)
    {
        var agent = await agents.Find($"{user}/{name}");
        var owner = await users.Find(agent.UserId);
        return new AgentKeysView(agent.AgentId, owner.UserId, owner.PublicKey, owner.SigningPublicKey);
    }

    private static async Task<ArchivedView> Archive(string user, string name, Caller caller, AgentStore agents)
    {
        var agent = await FindOwn($"{user}/{name}", caller, agents);
        await agents.Archive(agent, caller.Name);
        return new ArchivedView(true, agent.AgentId, true);
    }

    private static async Task<ArchivedView> Unarchive(string user, string name, Caller caller, AgentStore agents)
    {
        var agent = await FindOwn($"{user}/{name}", caller, agents);
        await agents.Unarchive(agent, caller.Name);
        return new ArchivedView(true, agent.AgentId, false);
    }

    private static async Task<OkView> Delete(string user, string name, Caller caller, AgentStore agents)
    {
        if (!caller.IsPlatformAdmin)
        {
            throw Fault.Forbidden("Only a platform admin can delete an agent for ever", "Archive it: it is hidden and stopped, and can be brought back.",
                new Fix("POST", $"/agents/{user}/{name}/archive"));
        }

        await agents.Delete(await agents.Find($"{user}/{name}"));
        return new OkView(true);
    }

    private static async Task<List<ListedAgentView>> OfUser(string userId, Query<ListAgents> query, Caller caller,
        AgentStore agents, AgentPresence presence, TimeProvider clock)
    {
        if (userId != caller.UserId)
        {
            throw Fault.Forbidden("These are another user's agents", $"Yours are at GET /users/{caller.UserId}/agents.");
        }

        var all = await agents.OfUser(userId, query.Value.IncludeArchived);
        return [.. all.Select(agent => ListedAgentView.Of(agent, Token.OfAgent(caller.Token!, agent.AgentId), presence, clock.NowMs()))];
    }

    /// <summary>An agent that belongs to the calling user, or is the calling agent.</summary>
    private static async Task<Agent> FindOwn(string agentId, Caller caller, AgentStore agents)
    {
        var agent = await agents.Find(agentId);
        var isOwn = caller.IsAgent ? caller.AgentId == agent.AgentId : caller.UserId == agent.UserId;
        return isOwn ? agent : throw Fault.Forbidden($"{agentId} is not yours");
    }
}
