using Remix.Platform;

namespace Remix.AgentCloud;

/// <summary>Workspaces of agents, with their records, files, queries, signals and topics, on a port of their own.</summary>
public sealed class AgentCloudModule : Module;
