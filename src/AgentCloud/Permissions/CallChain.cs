using Remix.AgentCloud.Tokens;
using Remix.Platform.Faults;

namespace Remix.AgentCloud.Permissions;

/// <summary>
/// Who called whom until now: a user, and the agents that this call went through, the first of them first. An agent is
/// called by the user or by the agent before it: either may hold the right.
/// </summary>
internal sealed record CallChain(CloudCaller User, IReadOnlyList<AgentName> Agents)
{
    /// <summary>How many agents can be under way within each other.</summary>
    public const int DepthMax = 16;

    public static CallChain From(CloudCaller user) => new(user, []);

    /// <summary>The chain with one more agent; refuses where it would be too long, or turns in a circle.</summary>
    public CallChain Enter(AgentName agent) => Agents.Count < DepthMax ? this with { Agents = [.. Agents, agent] }
        : throw new Fault(508, "CALLS_TOO_DEEP", $"More than {DepthMax} agents call each other")
        {
            Hint = $"The last ones are {string.Join(" → ", Agents.TakeLast(3).Select(one => $"{one.App}/{one.Agent}"))}. Look for a circle.",
        };

    /// <summary>
    /// Whether the agent may be called. Within an app it always may: who came in may go around. Across apps the user must
    /// hold the right, or one of the agents of the calling app through which the call came.
    /// </summary>
    /// <param name="access">What some subjects may do in the workspace of the agent that is called.</param>
    /// <param name="servers">The names of this server, as subjects write them.</param>
    public bool MayCall(AgentName target, Func<IReadOnlyList<string>, string?, Access> access, IReadOnlyList<string> servers)
    {
        if (Agents.Count > 0 && IsSameApp(Agents[^1], target))
        {
            return true;
        }

        return access(User.Subjects, User.Key).May(Right.Run, target.App, target.Agent)
            || access(CallingSubjects(servers), null).May(Right.Run, target.App, target.Agent);
    }

    /// <summary>The calling app's agents since the call came into it, as subjects.</summary>
    private List<string> CallingSubjects(IReadOnlyList<string> servers) => Agents.Count == 0 ? []
        : [.. Agents.Reverse().TakeWhile(agent => IsSameApp(agent, Agents[^1])).Distinct()
            .SelectMany(agent => servers.Select(server => Subject.OfAgent(server, agent)))];

    private static bool IsSameApp(AgentName one, AgentName other) => one.Workspace == other.Workspace && one.App == other.App;
}
