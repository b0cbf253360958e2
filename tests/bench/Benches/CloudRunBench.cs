using Remix.Bench.Load;
using Remix.Bench.Servers;

namespace Remix.Bench.Benches;

/// <summary>An agent's run over HTTP, with who may and a durable activity, beside workerd with nothing of ours around it.</summary>
internal sealed class CloudRunBench : IBench
{
    private const int Callers = 16;
    private const int Seconds = 3;
    private const int WarmUpSeconds = 20;
    private const int Cold = 15;

    public string Name => "cloud-run";
    public string Says => "run-agent over HTTP with permission and activity, beside raw workerd's loader; cold agents and processes";

    public async Task Run(Arena arena, Report report)
    {
        var server = await arena.Server();
        await using var cloud = await Cloud.Enter(server, "cloud-run", arena.Stop);
        await using var raw = await RawWorkerd.Start(arena, AgentRuntimeBench.Binary(), Cloud.Agent);
        await cloud.Workspace("warm", arena.Stop);
        var (path, wrk) = (new Uri(server.CloudAddress, "/run-agent/warm/bench/sum"), new Wrk(arena));

        // Until the runtime has compiled the path for good, it is the compiler that is measured.
        await wrk.Post(path, [cloud.Token], Cloud.Params, Callers, WarmUpSeconds);
        var (ours, reference) = await Rounds.Alternate(
            async () => (await wrk.Post(path, [cloud.Token], Cloud.Params, Callers, Seconds)).PerSecond,
            async () => (await wrk.Post(raw.Address, [cloud.Token], Cloud.Params, Callers, Seconds)).PerSecond);
        report.Ratio($"run-agent, warm, {Callers} at once", ours, reference, "runs/s", 0.5);
        report.AtMost("run-agent, warm, one at a time, p50",
            await Calls.Median(500, _ => cloud.Run("warm", "sum", arena.Stop)), "ms", 1.5);
        for (var i = 0; i < Cold; i++)
        {
            await cloud.Write("warm", $"cold-{i}", arena.Stop);
            await cloud.Workspace($"cold-{i}", arena.Stop);
        }

        report.AtMost("run-agent, cold agent, live process, p50",
            await Calls.Median(Cold, i => cloud.Run("warm", $"cold-{i}", arena.Stop)), "ms", 15);
        report.AtMost("run-agent, no process yet, p50",
            await Calls.Median(Cold, i => cloud.Run($"cold-{i}", "sum", arena.Stop)), "ms", 150);
    }
}
