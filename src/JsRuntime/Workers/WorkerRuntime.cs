using System.Globalization;
using Microsoft.AspNetCore.Http;
using Remix.JsRuntime.Egress;
using Remix.JsRuntime.Slots;
using Remix.JsRuntime.Workers.Objects;
using Remix.Platform.Settings;

namespace Remix.JsRuntime.Workers;

/// <summary>
/// Runs the serverless backends of creations: a tenant's worker answers requests as it would at its vendor's, with KV, D1, R2
/// and Durable Objects of its own. A new generation takes over when it has started; the old one finishes what it has begun.
/// </summary>
public sealed class WorkerRuntime
{
    private const int StoreCallsMax = 64, EgressCallsMax = 32, LogCallsMax = 4;
    private const string CronHeader = "x-remix-cron", CronTimeHeader = "x-remix-at";

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
    /// Starts a worker beside the one that runs, which goes on until the new one has started. Code that does not load, or is no
    /// worker, is a <see cref="WorkerException"/> of the status 422 that says where; then the old one stays.
    /// </summary>
    public async Task Deploy(JsTenant tenant, WorkerCode code, CancellationToken stop)
    {
        try
        {
            using var lease = await Rent(tenant, code.Generation, _ => new ValueTask<WorkerCode>(code), stop);
        }
        catch (JsUnavailableException e)
        {
            throw new WorkerException(e.IsTheirs ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status503ServiceUnavailable, e.Message);
        }
    }

    /// <summary>
    /// Sends a request to a tenant's worker and gives its answer, whose body comes as the worker makes it: dispose the answer, or
    /// the worker's process is never free. A request to become a WebSocket may be answered 101, whose body goes both ways. Code is
    /// asked for when no process runs this generation. Throws <see cref="WorkerException"/> when there is no answer.
    /// </summary>
    /// <param name="deadline">When the answer must have begun.</param>
    public Task<HttpResponseMessage> Send(JsTenant tenant, long generation, Func<CancellationToken, ValueTask<WorkerCode>> code,
        HttpRequestMessage request, TimeSpan deadline, CancellationToken stop)
    {
        // What our own front understands is not for others to say.
        foreach (var header in (string[])[SlotFiles.PingHeader, CronHeader, CronTimeHeader])
        {
            request.Headers.Remove(header);
        }

        return Call(tenant, generation, code, request, deadline, stop);
    }

    /// <summary>
    /// Calls the worker's <c>scheduled()</c> for a pattern whose time has come (<see cref="CronPattern"/>); true when it ended well.
    /// </summary>
    public async Task<bool> RunScheduled(JsTenant tenant, long generation, Func<CancellationToken, ValueTask<WorkerCode>> code, string cron,
        DateTimeOffset at, TimeSpan deadline, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, SlotFiles.Address);
        request.Headers.TryAddWithoutValidation(CronHeader, cron);
        request.Headers.TryAddWithoutValidation(CronTimeHeader, at.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));
        using var answer = await Call(tenant, generation, code, request, deadline, stop);
        return await answer.Content.ReadAsStringAsync(stop) == "ok";
    }

    internal Task<SlotPool.Lease> Rent(JsTenant tenant, long generation, Func<CancellationToken, ValueTask<WorkerCode>> code,
        CancellationToken stop) =>
        pool.Rent($"worker:{tenant.Name}", generation, async () => await Start(tenant.Name, await code(CancellationToken.None)), stop);

    private async Task<HttpResponseMessage> Call(JsTenant tenant, long generation, Func<CancellationToken, ValueTask<WorkerCode>> code,
        HttpRequestMessage request, TimeSpan deadline, CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        end.CancelAfter(deadline);
        try
        {
            var lease = await Rent(tenant, generation, code, end.Token);
            try
            {
                var answer = await Send(lease, request, end.Token);
                answer.Content = new WorkerBody(answer.Content, lease, deadline, policy.PingPatience);
                return answer;
            }
            catch
            {
                lease.Dispose();
                throw;
            }
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

    private async Task<HttpResponseMessage> Send(SlotPool.Lease lease, HttpRequestMessage request, CancellationToken end)
    {
        try
        {
            return await lease.Slot.Send(request, end);
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
            throw new WorkerException(StatusCodes.Status502BadGateway, "The worker's process ended");
        }
    }

    private async Task<Slot> Start(string tenant, WorkerCode code)
    {
        if (factory.Lack is { } lack)
        {
            throw new JsUnavailableException(lack);
        }

        if (WorkerRules.Problem(tenant, code) is { } problem)
        {
            throw new JsUnavailableException(problem, isTheirs: true);
        }

        var folder = Path.Combine(data, tenant);
        Directory.CreateDirectory(folder);
        var name = $"w{Interlocked.Increment(ref configs).ToString(CultureInfo.InvariantCulture)}";
        try
        {
            var config = await factory.Compile(name, WorkerConfig.Write(name, tenant, code));
            var slot = await factory.Start(tenant, new SlotPlan(config, Doors(folder, code), Path.Combine(folder, "objects"), RunsAtStart: true,
                IsAlone: code.Bindings.Any(binding => binding.Kind == WorkerBindingKind.Objects)));
            _ = slot.Gone.ContinueWith(_ => factory.Forget(name), TaskScheduler.Default);
            return slot;
        }
        catch
        {
            factory.Forget(name);
            throw;
        }
    }

    private List<SlotDoor> Doors(string folder, WorkerCode code)
    {
        var doors = new List<SlotDoor>
        {
            new("egress", egress.Answer, EgressCallsMax, () => pool.IsCrowded),
            new(WorkerConfig.LogDoor, new WorkerLog(code.Heard ?? (_ => { })).Answer, LogCallsMax, () => pool.IsCrowded),
        };
        doors.AddRange(code.Bindings.Where(WorkerConfig.IsStored).Select(binding => new SlotDoor(WorkerConfig.DoorOf(binding), binding.Kind switch
        {
            WorkerBindingKind.Kv => new KvStore(folder, binding.Name).Answer,
            WorkerBindingKind.D1 => new D1Database(folder, binding.Name).Answer,
            _ => new R2Store(folder, binding.Name).Answer,
        }, StoreCallsMax, () => pool.IsCrowded)));
        return doors;
    }
}
