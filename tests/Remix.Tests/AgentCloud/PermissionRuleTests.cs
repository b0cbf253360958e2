using Remix.AgentCloud.Permissions;
using Remix.AgentCloud.Tokens;
using Remix.AgentCloud.Workspaces;
using Remix.Platform.Faults;

namespace Remix.Tests.AgentCloud;

/// <summary>Who may do what, decided without a server.</summary>
public class PermissionRuleTests
{
    private static readonly string[] Servers = ["localhost:8000", "localhost"];

    [Theory]
    [InlineData("user/Ann@Example.COM", "user/ann@example.com")]
    [InlineData("user/alice", "user/alice")]
    [InlineData("domain/Example.com", "domain/example.com")]
    [InlineData("agent/AGT.example.com:ws1.app.Run", "agent/agt.example.com:ws1.app.Run")]
    [InlineData("agent/localhost:8000:ws1.app.run", "agent/localhost:8000:ws1.app.run")]
    [InlineData("all-users", "all-users")]
    [InlineData("anonymous", "anonymous")]
    public void A_subject_is_kept_in_one_way_of_writing(string written, string kept) => Assert.Equal(kept, Subject.Parse(written));

    [Theory]
    [InlineData("")]
    [InlineData("alice")]
    [InlineData("user/")]
    [InlineData("user/Alice")]
    [InlineData("user/a@b@c.org")]
    [InlineData("user/@example.com")]
    [InlineData("user/ann@")]
    [InlineData("user/ann@exam ple.com")]
    [InlineData("user/ann@example.com/x")]
    [InlineData("domain/")]
    [InlineData("domain/a@example.com")]
    [InlineData("domain/.example.com")]
    [InlineData("domain/*.example.com")]
    [InlineData("agent/ws.app.agent")]
    [InlineData("agent/:ws.app.agent")]
    [InlineData("agent/host:ws.app")]
    [InlineData("agent/host:ws.app.agent.more")]
    [InlineData("agent/host:0:ws.app.agent")]
    [InlineData("agent/host:ws._rmx_app.agent")]
    [InlineData("ALL-USERS")]
    [InlineData("anonymous/x")]
    public void What_has_no_such_form_is_no_subject(string written) => Assert.Null(Subject.Parse(written));

    [Theory]
    [InlineData("workspace", true)]
    [InlineData("db/app1", true)]
    [InlineData("agent/app1/run", true)]
    [InlineData("agent/app1", false)]
    [InlineData("db/", false)]
    [InlineData("db/a/b", false)]
    [InlineData("agent/a/b/c", false)]
    [InlineData("db/_rmx_x", false)]
    [InlineData("Workspace", false)]
    [InlineData("", false)]
    public void A_resource_is_a_workspace_an_app_or_an_agent(string written, bool isOne) => Assert.Equal(isOne ? written : null,
        Resource.Parse(written)?.Text);

    [Theory]
    [InlineData("runner", "workspace", true)]
    [InlineData("runner", "db/a", true)]
    [InlineData("runner", "agent/a/b", true)]
    [InlineData("editor", "workspace", true)]
    [InlineData("editor", "db/a", true)]
    [InlineData("editor", "agent/a/b", false)]
    [InlineData("admin", "workspace", true)]
    [InlineData("admin", "db/a", true)]
    [InlineData("admin", "agent/a/b", false)]
    [InlineData("db/creator", "workspace", true)]
    [InlineData("db/creator", "db/a", false)]
    [InlineData("db/creator", "agent/a/b", false)]
    public void A_role_can_be_granted_where_it_means_something(string role, string resource, bool may) =>
        Assert.Equal(may, Roles.Parse(role)!.Value.AppliesTo(Resource.Parse(resource)!));

    [Theory]
    [InlineData("runner", "Run")]
    [InlineData("editor", "Run Export Read Write")]
    [InlineData("admin", "Run Export Read Write GrantPermissions Delete CreateDb")]
    [InlineData("db/creator", "CreateDb")]
    public void A_role_has_its_rights(string role, string rights) => Assert.Equal(rights, string.Join(' ', Roles.Parse(role)!.Value.Rights()));

    /// <summary>Where a right granted on the row's resource holds: on the workspace, apps a and b, and agents a/x, a/y and b/x.</summary>
    [Theory]
    [InlineData("workspace", "yes yes yes yes yes yes")]
    [InlineData("db/a", "no yes no yes yes no")]
    [InlineData("agent/a/x", "no no no yes no no")]
    [InlineData("agent/b/x", "no no no no no yes")]
    public void What_is_granted_on_the_whole_holds_for_its_parts(string resource, string where)
    {
        var access = Held("user/ann@example.com", "runner", resource).AccessOf(Ann);
        (string? App, string? Agent)[] asked = [(null, null), ("a", null), ("b", null), ("a", "x"), ("a", "y"), ("b", "x")];
        Assert.Equal(where, string.Join(' ', asked.Select(one => access.May(Right.Run, one.App, one.Agent) ? "yes" : "no")));
        Assert.All(asked, one => Assert.False(access.May(Right.Read, one.App, one.Agent)));
    }

    /// <summary>Whom a subject means: nobody in particular, a user, ann with an address, and one at evilexample.com.</summary>
    [Theory]
    [InlineData("anonymous", "yes yes yes yes")]
    [InlineData("all-users", "no yes yes yes")]
    [InlineData("user/ann@example.com", "no no yes no")]
    [InlineData("user/ann", "no yes no no")]
    [InlineData("domain/example.com", "no no yes no")]
    [InlineData("domain/evilexample.com", "no no no yes")]
    [InlineData("domain/com", "no no no no")]
    [InlineData("agent/localhost:ws.a.x", "no no no no")]
    public void A_subject_means_those_it_names(string subject, string whom)
    {
        CloudCaller[] callers = [CloudCaller.Anonymous, CloudCaller.OfUser("ann", null), Ann,
            CloudCaller.OfToken("i", "x", "X@EvilExample.com", false)];
        var workspace = Held(subject, "runner", "workspace");
        Assert.Equal(whom, string.Join(' ', callers.Select(caller => workspace.AccessOf(caller).May(Right.Run) ? "yes" : "no")));
    }

    [Fact]
    public void The_owner_may_everything_and_nobody_becomes_it_by_a_grant()
    {
        var owner = CloudCaller.OfUser("olga", null);
        var workspace = Held("user/ann@example.com", "admin", "workspace");
        Assert.Equal(Enum.GetValues<Right>(), workspace.AccessOf(owner).Rights());
        Assert.Equal(Enum.GetValues<Right>(), workspace.AccessOf(Ann).Rights());
        Assert.True(workspace.AccessOf(owner).IsOwner);
        Assert.False(workspace.AccessOf(Ann).IsOwner);
        Assert.False(workspace.AccessOf(CloudCaller.OfToken("i", "olga", null, false)).SeesAnything);
    }

    /// <summary>Ann calls through the agents on the left (the first is the one she called); may the last call the target?</summary>
    [Theory]
    [InlineData("", "b/y", "user/ann@example.com on agent/b/y", true)]
    [InlineData("", "b/y", "agent/localhost:ws.a.x on agent/b/y", false)]
    [InlineData("a/x", "a/y", "", true)]
    [InlineData("a/x", "b/y", "", false)]
    [InlineData("a/x", "b/y", "user/ann@example.com on db/b", true)]
    [InlineData("a/x", "b/y", "agent/localhost:ws.a.x on agent/b/y", true)]
    [InlineData("a/x", "b/y", "agent/localhost:8000:ws.a.x on db/b", true)]
    [InlineData("a/x", "b/y", "agent/elsewhere.example:ws.a.x on db/b", false)]
    [InlineData("a/x", "b/y", "agent/localhost:other.a.x on db/b", false)]
    [InlineData("a/x", "b/y", "agent/localhost:ws.a.z on db/b", false)]
    [InlineData("a/x a/z", "b/y", "agent/localhost:ws.a.x on db/b", true)]
    [InlineData("a/x a/z", "b/y", "agent/localhost:ws.a.z on db/b", true)]
    [InlineData("c/w a/x", "b/y", "agent/localhost:ws.c.w on db/b", false)]
    [InlineData("a/x b/y", "a/x", "", false)]
    [InlineData("a/x b/y", "a/x", "agent/localhost:ws.b.y on workspace", true)]
    [InlineData("a/x", "b/y", "anonymous on agent/b/y", true)]
    public void Across_apps_the_user_or_the_calling_agent_must_hold_the_right(string through, string target, string granted, bool may)
    {
        var workspace = granted.Length == 0 ? Held() : granted.Split(" on ") is [var subject, var resource] ? Held(subject, "runner",
            resource) : Held();
        var chain = through.Split(' ', StringSplitOptions.RemoveEmptyEntries).Aggregate(CallChain.From(Ann), (chain,
            agent) => chain.Enter(Named(agent)));
        Assert.Equal(may, chain.MayCall(Named(target), workspace.AccessOf, Servers));
    }

    [Fact]
    public void Calls_go_sixteen_deep_and_no_deeper()
    {
        var chain = Enumerable.Range(0, CallChain.DepthMax).Aggregate(CallChain.From(Ann), (chain, _) => chain.Enter(Named("a/x")));
        Assert.Equal(508, Assert.Throws<Fault>(() => chain.Enter(Named("a/x"))).Status);
    }

    private static CloudCaller Ann => CloudCaller.OfToken("i", "s", "Ann@example.com", false);

    private static AgentName Named(string agent) => new("ws", agent.Split('/')[0], agent.Split('/')[1]);

    private static WorkspaceFacts Held() => new("00", "ws", CloudCaller.KeyOfUser("olga"), "olga", 0);

    private static WorkspaceFacts Held(string subject, string role, string resource) => Held() with
    {
        Grants = [new Grant("g", "00", Subject.Parse(subject)!, Roles.Parse(role)!.Value, Resource.Parse(resource)!, "olga", 0)],
    };
}
