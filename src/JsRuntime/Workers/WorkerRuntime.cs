using System.Globalization;
using Microsoft.AspNetCore.Http;
using Remix.JsRuntime.Egress;
using Remix.JsRuntime.Slots;
using Remix.Platform.Settings;

namespace Remix.JsRuntime.Workers;

/// <summary>
/// Runs the serverless backends of creations: a tenant's worker answers requests as it would at its vendor's, with KV, D1 and
/// Durable Objects of its own. A new generation takes over at its first request; the old one finishes what it has begun.
/// </summary>
public sealed class WorkerRuntime
{
    private const int StoreCallsMax = 64, EgressCallsMax = 32;

    private readonly SlotFactory factory;
    private readonly SlotPool pool;
    private readonly SlotPolicy policy;
    private readonly EgressProxy egress;
    private readonly string data;
    private int configs;

    internal WorkerRuntime(SlotFactory factory, SlotPool pool, SlotPolicy policy, EgressProxy egress, RemixSettings settings)
    {
        (this.factory, this.pool, this.policy, this.egress) = (factory, pool, policy, egress);
        data = Path.Combine(settings.DataDirectory, "workers");
    }

    /// <summary>
    /// Sends a request to a tenant's worker and gives its answer, whose body is still to be read. Code is asked for when no
    /// process runs this generation. Throws <see cref="WorkerException"/> when there is no answer.
    /// </summary>
    public async Task<HttpResponseMessage> Send(JsTenant tenant, long generation, Func<CancellationToken, ValueTask<WorkerCode>> code,
        HttpRequestMessage request, TimeSpan deadline, CancellationToken stop)
    {
        request.Headers.Remove(SlotFiles.PingHeader);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        end.CancelAfter(deadline);
        try
        {
            using var lease = await Rent(tenant, generation, code, end.Token);
            return await Send(lease, request, end.Token);
        }
        catch (JsUnavailableException e)
        {
            throw new WorkerException(StatusCodes.Status503ServiceUnavailable, e.Message);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new WorkerException(StatusCodes.Status504GatewayTimeout, "The worker did not answer in time");
        }
    }

    internal Task<SlotPool.Lease> Rent(JsTenant tenant, long generation, Func<CancellationToken, ValueTask<WorkerCode>> code,
        CancellationToken stop) =>
        pool.Rent($"worker:{tenant.Name}", generation, async () => await Start(tenant.Name, await code(CancellationToken.None)), stop);

    private async Task<HttpResponseMessage> Send(SlotPool.Lease lease, HttpRequestMessage request, CancellationToken end)
    {
        try
        {
            var answer = await lease.Slot.Send(request, end);

            // The lease ends with the answer, so the answer is whole before it.
            await answer.Content.LoadIntoBufferAsync(EgressProxy.AnswerBytesMax, end);
            return answer;
        }
        catch (OperationCanceledException)
        {
            if (!await lease.Slot.Answers(policy.PingPatience))
            {
                lease.Kill("it did not answer at a request's deadline");
            }

            throw;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new WorkerException(StatusCodes.Status502BadGateway, "The worker's process ended, or its answer was too long");
        }
    }

    private async Task<Slot> Start(string tenant, WorkerCode code)
    {
        var folder = Path.Combine(data, tenant);
        Directory.CreateDirectory(folder);
        var name = $"w{Interlocked.Increment(ref configs).ToString(CultureInfo.InvariantCulture)}";
        var config = await factory.Compile(name, WorkerConfig.Write(name, tenant, code));
        var doors = new List<SlotDoor> { new("egress", egress.Answer, EgressCallsMax) };
        foreach (var binding in code.Bindings)
        {
            if (binding.Kind == WorkerBindingKind.Kv)
            {
                doors.Add(new SlotDoor(WorkerConfig.DoorOf(binding), new KvStore(folder, binding.Name).Answer, StoreCallsMax));
            }
            else if (binding.Kind == WorkerBindingKind.D1)
            {
                doors.Add(new SlotDoor(WorkerConfig.DoorOf(binding), new D1Database(folder, binding.Name).Answer, StoreCallsMax));
            }
        }

        var slot = await factory.Start(tenant, new SlotPlan(config, doors, Path.Combine(folder, "objects")));
        _ = slot.Gone.ContinueWith(_ => factory.Forget(name), TaskScheduler.Default);
        return slot;
    }
}
