using System.Text;
using System.Text.Json;
using Remix.JsRuntime;
using Remix.Platform.Faults;

namespace Remix.AgentCloud.Agents;

/// <summary>
/// What <c>remix</c> does for one run. Within its own app an agent may do everything; what lies outside of it is judged by
/// who runs, and by the agents through which the call came.
/// </summary>
/// <param name="recordUpdate">Writes down that the run changed its app; called once however much it changes.</param>
internal sealed class AgentHost(AgentCall call, AgentRunner runner, HostRecords records, HostFiles files, HostMessages messages, HostCalls calls,
    SecretStore secrets, Func<Task> recordUpdate) : IJsHost
{
    private static readonly byte[] Null = "null"u8.ToArray();

    /// <summary>What changes the app.</summary>
    private static readonly HashSet<string> Changing = new(StringComparer.Ordinal)
    {
        "db.save", "db.upsert", "db.delete", "files.write", "files.delete", "files.copy", "files.move", "files.register",
    };

    private int updates;
    private volatile Task recording = Task.CompletedTask;

    /// <summary>Complete when it is written down that the run changed its app, if it did.</summary>
    public Task Recorded => recording;

    public SecretMask Secrets { get; } = new();

    public async Task<ReadOnlyMemory<byte>> Call(string operation, ReadOnlyMemory<byte> arguments, CancellationToken stop)
    {
        try
        {
            var given = HostArguments.Read(operation, arguments);
            var answer = operation switch
            {
                _ when operation.StartsWith("db.", StringComparison.Ordinal) => await records.Do(call, given),
                _ when operation.StartsWith("files.", StringComparison.Ordinal) => await files.Do(call, given, stop),
                _ when operation.StartsWith("topics.", StringComparison.Ordinal) || operation.StartsWith("signals.", StringComparison.Ordinal) =>
                    await messages.Do(call, given, runner.Left(call), stop),
                "agents.call" => await calls.Do(call, given, runner, stop),
                "secrets.get" => await Secret(given.Text(0, "the name")),
                _ => throw new JsHostException($"There is no remix.{operation}", "NO_SUCH_OPERATION"),
            };
            if (Changing.Contains(operation) && Interlocked.Exchange(ref updates, 1) == 0)
            {
                recording = recordUpdate();
            }

            return answer;
        }
        catch (Fault fault)
        {
            throw new JsHostException(fault.Hint is null ? fault.Message : $"{fault.Message}. {fault.Hint}", fault.Code);
        }
        catch (JsonException e)
        {
            throw new JsHostException($"remix.{operation}: {e.Message.Split(". LineNumber")[0]}", "INVALID_ARGUMENT");
        }
    }

    private async Task<ReadOnlyMemory<byte>> Secret(string name)
    {
        if (await secrets.Open(call.Workspace.Id, name) is not { } value)
        {
            return Null;
        }

        Secrets.Add(value);
        return Encoding.UTF8.GetBytes(JsonSerializer.Serialize(value));
    }
}
