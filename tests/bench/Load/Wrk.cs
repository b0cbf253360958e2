using System.Globalization;
using System.Text;
using Remix.Bench.Servers;

namespace Remix.Bench.Load;

/// <summary>What wrk saw: requests a second that succeeded, and how long they took.</summary>
internal sealed record WrkResult(double PerSecond, double MedianMs, double Percentile99Ms);

/// <summary>Runs wrk against one address. A single failed request voids the round: speed at refusing is not speed.</summary>
internal sealed class Wrk(Arena arena)
{
    private const string Summary = """
        done = function(summary, latency, requests)
          local e = summary.errors
          io.write(string.format("BENCH %d %d %d %d %d\n", summary.requests, summary.duration,
            latency:percentile(50), latency:percentile(99), e.connect + e.read + e.write + e.status + e.timeout))
        end
        """;

    /// <summary>Loads an address with GET.</summary>
    public Task<WrkResult> Get(Uri address, string? host = null, int connections = 64, int seconds = 3) =>
        Run(address, host is null ? "" : $"wrk.headers[\"Host\"] = \"{host}\"\n", connections, seconds);

    /// <summary>Loads an address with POST, taking turns with the tokens.</summary>
    public Task<WrkResult> Post(Uri address, IReadOnlyList<string> tokens, string body, int connections, int seconds)
    {
        var script = new StringBuilder("local tokens = {");
        script.AppendJoin(',', tokens.Select(token => $"\"{token}\"")).AppendLine("}");
        script.AppendLine(CultureInfo.InvariantCulture, $$"""
            local requests, turn = {}, 0
            init = function()
              for i, token in ipairs(tokens) do
                requests[i] = wrk.format("POST", nil,
                  {["Authorization"] = "Bearer " .. token, ["Content-Type"] = "application/json"}, [==[{{body}}]==])
              end
            end
            request = function()
              turn = turn % #requests + 1
              return requests[turn]
            end
            """);
        return Run(address, script.ToString(), connections, seconds);
    }

    private async Task<WrkResult> Run(Uri address, string script, int connections, int seconds)
    {
        var file = Path.Combine(arena.Directory.FullName, "load.lua");
        await File.WriteAllTextAsync(file, script + Summary, arena.Stop);
        var threads = Math.Min(connections, 2);
        var output = await ChildProcess.Output(
            "wrk", ["-t", $"{threads}", "-c", $"{connections}", "-d", $"{seconds}s", "-s", file, address.ToString()], arena.Stop);
        var figures = output.Split('\n').Last(line => line.StartsWith("BENCH ", StringComparison.Ordinal))
            .Split(' ').Skip(1).Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        if (figures[4] > 0 || figures[0] == 0)
        {
            throw new BenchException($"{figures[4]:0} of {figures[0]:0} requests to {address.AbsolutePath} failed");
        }

        return new(figures[0] / figures[1] * 1e6, figures[2] / 1000, figures[3] / 1000);
    }
}
