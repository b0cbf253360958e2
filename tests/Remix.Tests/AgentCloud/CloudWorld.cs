using Remix.Tests.Support;

namespace Remix.Tests.AgentCloud;

/// <summary>
/// A server whose agent cloud is spoken to. <c>alice</c> makes the workspaces, <c>bob</c> is whom she grants something, and
/// <c>carol</c> is a stranger.
/// </summary>
public sealed class CloudWorld : IAsyncLifetime
{
    public World World { get; } = new();

    public Actor Alice => World.OnCloud(World.Alice);

    public Actor Bob => World.OnCloud(World.Bob);

    public Actor Carol => World.OnCloud(World.Carol);

    public Actor Nobody => World.OnCloud(World.Nobody);

    public async ValueTask InitializeAsync() => await World.InitializeAsync();

    public ValueTask DisposeAsync() => World.DisposeAsync();

    /// <summary>A workspace of alice's; its name.</summary>
    public async Task<string> NewWorkspace(string? name = null) =>
        (await Alice.Post("/ws", new { name = name ?? World.FreshName("ws") })).Ok(201).String("name");

    /// <summary>What alice grants in a workspace; the id of the permission.</summary>
    public async Task<string> Grant(string workspace, string subject, string role, string resource) =>
        (await Alice.Post($"/grant-permission/{workspace}", new { subject, role, resource })).Ok(200).String("id");

    /// <summary>The user's e-mail address, as if it had been verified.</summary>
    public Task VerifyEmail(string userId, string email) => World.Database.Write(async session =>
        await session.Execute("update users set email = $1, email_verified = $2 where user_id = $3", email, true, userId));
}
