using System.Text;
using Remix.Tests.Support;

namespace Remix.Tests.AgentCloud.Agents;

/// <summary>What was acknowledged is there after the server was killed.</summary>
public class DurabilityTests
{
    [Fact]
    public async Task No_record_and_no_activity_that_was_acknowledged_is_lost()
    {
        var port = Ports.Free();
        await using var server = await ServerProcess.Start("--cloud-port", $"{port}");
        var token = (await server.Nobody.Post("/register", new { user_id = "alice" })).Ok(201).String("token");
        var alice = new Actor(new Elsewhere(server, port), "alice", token);
        (await alice.Post("/ws", new { name = "ws1" })).Ok(201);
        (await alice.Send(HttpMethod.Put, "/v1/ws/ws1/app/notes/file-manager/content?path=/code/keep.js",
            Actor.Bytes(
                Encoding.UTF8.GetBytes("export default async ({ n }, remix) => ({ row: (await remix.db.save({ n }))._rmx_row });"),
                "text/javascript"))).Ok();
        var acknowledged = 0;
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var killed = enough.Task.ContinueWith(_ => server.Kill(), TaskScheduler.Default).Unwrap();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(async worker =>
        {
            try
            {
                for (var n = 0; !killed.IsCompleted; n++)
                {
                    (await alice.Post("/run-agent/ws1/notes/keep", new { n = worker * 10_000 + n })).Ok(200);
                    if (Interlocked.Increment(ref acknowledged) == 50)
                    {
                        enough.SetResult();
                    }
                }
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                // Killed under it: this one was not acknowledged.
            }
        }));
        await killed;
        await server.Run();

        Assert.InRange((await alice.Post("/count-activities/ws1",
            new { activity = "run_agent" })).Ok().Number("count"), acknowledged, acknowledged + 8);
        (await alice.Post("/query/ws1/notes", new { name = "all_of_them", ast = "count" })).Ok();
        var rows = await alice.Post("/run-agent/ws1/notes/all_of_them");
        Assert.InRange(rows.Ok().Json.GetInt64(), acknowledged, acknowledged + 8);
    }

    private sealed class Elsewhere(ServerProcess server, int port) : IServerAddress
    {
        public string BaseUrl => $"http://localhost:{port}";

        public HttpClient Http => server.Http;

        public IReadOnlyList<string> TakeErrors() => server.TakeErrors();
    }
}
