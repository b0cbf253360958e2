using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Remix.JsRuntime.Agents;
using Remix.JsRuntime.Backend;
using Remix.JsRuntime.Egress;
using Remix.JsRuntime.Slots;

namespace Remix.JsRuntime;

/// <summary>
/// Runs agents, each tenant's in a process of its own. No run leaves anything behind for the next but what it gave to its
/// host, and none keeps another tenant's waiting.
/// </summary>
public sealed class AgentRuntime
{
    /// <summary>Parameters of a run.</summary>
    public const int ParamsBytesMax = 1024 * 1024;

    /// <summary>What a run returns, with its logs.</summary>
    public const int ResultBytesMax = 32 * 1024 * 1024;

    private const string RunHeader = "x-run", CodeHeader = "x-code", OperationHeader = "x-op";
    private const int HostCallsMax = 8, EgressCallsMax = 12;

    /// <summary>Calls that wait for something else than the host's work: if they stood in the others' places, what would
    /// end the wait could find none.</summary>
    private const string Waits = "waits";

    private readonly SlotFactory factory;
    private readonly SlotPool pool;
    private readonly SlotPolicy policy;
    private readonly EgressProxy egress;
    private readonly ILogger<AgentRuntime> logger;
    private readonly ConcurrentDictionary<(string Tenant, string Run), LiveRun> runs = new();
    private readonly Lock configuring = new();
    private Task<string>? config;

    internal AgentRuntime(SlotFactory factory, SlotPool pool, SlotPolicy policy, EgressProxy egress, ILogger<AgentRuntime> logger)
    {
        (this.factory, this.pool, this.policy, this.egress, this.logger) = (factory, pool, policy, egress, logger);
    }

    /// <summary>Does what can be done, and never throws for what the code does; a cancelled <paramref name="stop"/> throws.</summary>
    public async Task<JsRunResult> Run(JsRun run, CancellationToken stop)
    {
        if (run.Params.Length > ParamsBytesMax)
        {
            return Failed("RangeError", $"Parameters are at most {ParamsBytesMax} bytes");
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        end.CancelAfter(run.Deadline);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                if (pool.Turn(Key(run.Tenant)) is var wait && wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait, end.Token);
                }

                using var lease = await Rent(run.Tenant, end.Token);
                if (await Run(run, lease, isLast: attempt == 3, end.Token) is { } result)
                {
                    return result;
                }
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new JsRunResult(JsOutcome.OutOfTime, null, null, []);
        }
        catch (JsUnavailableException e)
        {
            return new JsRunResult(JsOutcome.Unavailable, null, new JsError("Unavailable", e.Message, ""), []);
        }
    }

    internal Task<SlotPool.Lease> Rent(JsTenant tenant, CancellationToken stop) =>
        pool.Rent(Key(tenant), 0, () => Start(tenant.Name), stop);

    internal static string Key(JsTenant tenant) => $"agents:{tenant.Name}";

    /// <summary>Tries one slot; null when the call did not reach it, and another may be tried.</summary>
    private async Task<JsRunResult?> Run(JsRun run, SlotPool.Lease lease, bool isLast, CancellationToken end)
    {
        var name = (run.Tenant.Name, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
        using var over = CancellationTokenSource.CreateLinkedTokenSource(end);
        runs[name] = new LiveRun(run, lease.Loads, (e, operation) => Tell(e, operation, run.Tenant.Name), over.Token);
        try
        {
            var result = await Send(run, name.Item2, lease.Slot, end);
            if (result.Outcome == JsOutcome.Failed && ProcessTree.MemoryBytes(lease.Slot.ProcessId) > policy.MemoryBytesMax)
            {
                // It may have failed for want of memory, and what it took is not given back soon.
                lease.Replace();
            }

            return result;
        }
        catch (OperationCanceledException)
        {
            if (!await lease.Slot.Answers(policy.PingPatience))
            {
                lease.Kill("it did not answer at a call's deadline");
            }

            throw;
        }
        catch (HttpRequestException e) when (!isLast && e.HttpRequestError == HttpRequestError.ConnectionError)
        {
            lease.Kill("it took no connection");
            return null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // It ends, which may take it a while: the next call must not go there.
            lease.Replace();
            var lost = await Lost(lease.Slot, end);
            if (!lease.Slot.Gone.IsCompleted)
            {
                lease.Slot.Kill("it broke a call off");
            }

            return lost;
        }
        finally
        {
            runs.TryRemove(name, out _);
            await over.CancelAsync();
        }
    }

    private async Task<JsRunResult> Send(JsRun run, string id, Slot slot, CancellationToken end)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, SlotFiles.Address)
        {
            Content = new ByteArrayContent(AgentJson.Body(run.Params.Span, run.Env.Span)),
        };
        request.Headers.TryAddWithoutValidation(RunHeader, id);
        request.Headers.TryAddWithoutValidation(CodeHeader, run.CodeKey);
        using var response = await slot.Send(request, end);
        if (response.Content.Headers.ContentLength is not { } length)
        {
            return Failed("Error", "The process gave no answer");
        }

        pool.Charge(Key(run.Tenant), length);
        if (length > ResultBytesMax)
        {
            return TooLong(length);
        }

        var memory = new AnswerMemory((int)length);
        await using (var body = await response.Content.ReadAsStreamAsync(end))
        {
            await body.ReadExactlyAsync(memory.Bytes, end);
        }

        return response.StatusCode == HttpStatusCode.OK ? AgentJson.Result(memory)
            : new JsRunResult(JsOutcome.Failed, null, LoadFailure.Read(System.Text.Encoding.UTF8.GetString(memory.Bytes.Span)), []);
    }

    private static JsRunResult TooLong(long length) =>
        Failed("RangeError", string.Create(CultureInfo.InvariantCulture, $"The result is {length} bytes; {ResultBytesMax} are allowed"));

    /// <summary>The process went while it ran: says what is known of why.</summary>
    private static async Task<JsRunResult> Lost(Slot slot, CancellationToken end)
    {
        await Task.WhenAny(slot.Gone, Task.Delay(TimeSpan.FromSeconds(1), end));
        if (slot.Verdict is not null)
        {
            return Failed("ProcessEnded", "The process was ended because another call of it did not stop. Call again");
        }

        var words = slot.LastWords;
        var isMemory = words.Contains("memory", StringComparison.OrdinalIgnoreCase) || words.Contains("heap", StringComparison.OrdinalIgnoreCase);
        return Failed("ProcessEnded", isMemory ? "The process ran out of memory" : "The process ended");
    }

    private async Task<Slot> Start(string tenant)
    {
        if (factory.Lack is { } lack)
        {
            throw new JsUnavailableException(lack);
        }

        return await factory.Start(tenant, new SlotPlan(await Config(),
        [
            new SlotDoor("host", context => Answer(tenant, context), HostCallsMax, () => pool.IsCrowded,
                request => request.Headers[OperationHeader] == Waits),
            new SlotDoor("egress", egress.Answer, EgressCallsMax, () => pool.IsCrowded),
        ]));
    }

    /// <summary>The configuration of all agents' processes, compiled once; what failed is tried again by the next.</summary>
    private Task<string> Config()
    {
        lock (configuring)
        {
            return config is { IsFaulted: false } ? config : config = factory.Compile("agents", new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["agents.capnp"] = AuthorCode.Text("agents.capnp"),
                ["front.js"] = AuthorCode.Text("front.js"),
            });
        }
    }

    /// <summary>Answers what a tenant's process asks in the name of one of that tenant's runs.</summary>
    private async Task Answer(string tenant, HttpContext context)
    {
        var request = context.Request;
        if (!runs.TryGetValue((tenant, request.Headers[RunHeader].ToString()), out var run))
        {
            context.Response.StatusCode = StatusCodes.Status410Gone;
            return;
        }

        try
        {
            await (request.Path.Value switch
            {
                "/code" => run.Code(context),
                "/waits" => run.Wait(context),
                _ => run.Call(context, request.Headers[OperationHeader].ToString()),
            });
        }
        catch (BadHttpRequestException)
        {
            await Fail(context, "More than 32 MiB cannot be passed on at once");
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            context.Abort();
        }
        catch (Exception e)
        {
            Tell(e, request.Headers[OperationHeader].ToString(), tenant);
            await Fail(context, "The server failed to answer. Try again");
        }
    }

    private void Tell(Exception e, string operation, string tenant) =>
        logger.LogError(e, "A host failed to answer {Operation} of {Tenant}", operation, tenant);

    private static Task Fail(HttpContext context, string message)
    {
        context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        return context.Response.WriteAsJsonAsync(new { name = "Error", message, stack = "", code = "INTERNAL_ERROR" });
    }

    private static JsRunResult Failed(string name, string message) =>
        new(JsOutcome.Failed, null, new JsError(name, message, $"{name}: {message}"), []);
}
